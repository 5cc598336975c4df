from vretlib.errors import UserError


def test_a_message_is_one_line_that_steers_no_terminal() -> None:
    name = "a\nb\x1b[31m\x00 \udcff\u2028é"
    assert str(UserError(f"{name}: no such film")) == r"a b\x1b[31m\x00 \udcff é: no such film"
