// Runs before the first paint: a manual choice of light or dark must not flash the other one first.
(function () {
  try {
    var choice = localStorage.getItem('appearance');
    if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
  } catch {
    // Without storage the system's choice holds.
  }
})();
