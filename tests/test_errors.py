from vretlib.errors import UserError, short_list


def test_a_message_is_one_line_that_steers_no_terminal() -> None:
    name = "a\nb\x1b[31m\x00 \udcff\u2028é"
    assert str(UserError(f"{name}: no such film")) == r"a b\x1b[31m\x00 \udcff é: no such film"


def test_a_short_list_names_five_things_and_counts_the_others() -> None:
    assert short_list([]) == ""
    assert short_list(list("abcde")) == "a, b, c, d, e"
    assert short_list(["(2, 3)", *"bcdef"], "; ") == "(2, 3); b; c; d; e and 1 more"
