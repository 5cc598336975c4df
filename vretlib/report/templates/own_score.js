// The reader's own score in the questions of chapter 7: marks answers, and counts the reader's beside the models'.

/** Wilson's 95 % interval of k right answers of n. */
function wilson(k, n) {
  const z = 1.959963984540054, p = k / n, middle = p + (z * z) / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [(middle - half) / (1 + (z * z) / n), (middle + half) / (1 + (z * z) / n)];
}

/** Two-sided p of the exact sign test: how often chance divides a + b questions at least as unevenly. */
function signTest(a, b) {
  const n = a + b, least = Math.min(a, b);
  let ways = 1, sum = 0;
  for (let k = 0; k <= least; k++) {
    sum += ways;
    ways = (ways * (n - k)) / (k + 1);
  }
  return Math.min(1, (2 * sum) / 2 ** n);
}

/** One sentence that compares the reader's answers with a model's on the same questions. */
function compared(name, mine, theirs) {
  const alone = mine.filter((right, i) => right && !theirs[i]).length;
  const it = theirs.filter((right, i) => right && !mine[i]).length;
  if (alone + it === 0) return `You and ${name} are right in the same questions.`;
  const p = signTest(alone, it);
  const verdict = p < 0.05 ? "more than chance" : "too few to tell from chance";
  return `You alone are right in ${alone}, ${name} alone in ${it}: ${verdict} (sign test, p ${p < 0.005 ? "< 0.01" : `= ${p.toFixed(2)}`}).`;
}

function start(root, data) {
  const mine = data.answers.map(() => null);
  const count = (rights) => rights.filter(Boolean).length;
  const show = (name, text) => { root.querySelector(`[data-show="${name}"]`).textContent = text; };

  function update() {
    const done = mine.map((given, i) => i).filter((i) => mine[i] !== null);
    const rights = done.map((i) => mine[i] === data.answers[i]);
    const [low, high] = wilson(count(rights), done.length);
    show("you", `${count(rights)} of ${done.length} [${low.toFixed(2)}, ${high.toFixed(2)}]`);
    const lines = data.models.map((model, k) => {
      const theirs = done.map((i) => model.choices[i] === data.answers[i]);
      show(`model-${k}`, `${count(theirs)} of ${done.length}`);
      return compared(model.name, rights, theirs);
    });
    show("verdict", lines.join(" "));
  }

  root.querySelectorAll("fieldset").forEach((question, i) => {
    question.querySelector("details").hidden = true;
    const button = question.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => {
      const chosen = question.querySelector("input:checked"), said = question.querySelector("[data-said]");
      if (!chosen) {
        said.textContent = "Choose a painting first.";
        return;
      }
      mine[i] = Number(chosen.value);
      const others = data.models.map((model) => `${model.name} chose ${model.choices[i]}`).join(", ");
      said.textContent = `${mine[i] === data.answers[i] ? "Right" : "Wrong"}: it is number ${data.answers[i]}; ${others}.`;
      question.querySelectorAll("label")[data.answers[i] - 1].classList.add("right");
      question.querySelectorAll("input").forEach((input) => { input.disabled = true; });
      button.disabled = true;
      update();
    });
  });
}
