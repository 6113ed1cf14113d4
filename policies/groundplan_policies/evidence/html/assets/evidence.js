// Search and filters for the long tables, the choice of light or dark, and everything open on paper.
// The page is whole without it: what it adds stays hidden where it does not run.
'use strict';

document.documentElement.classList.add('js');

const bars = document.querySelectorAll('.bar');

for (const bar of bars) {
  const table = document.getElementById(bar.dataset.for);
  const rows = [...table.tBodies[0].rows];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const search = bar.querySelector('input[type=search]');
  const choices = [...bar.querySelectorAll('select')];
  const told = bar.querySelector('output');

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, at) => {
      const fits = words.every((word) => texts[at].includes(word))
        && choices.every((choice) => !choice.value || row.dataset[choice.name] === choice.value);
      row.hidden = !fits;
      shown += fits;
    });
    told.textContent = shown === rows.length ? `${rows.length} rows` : `${shown} of ${rows.length} rows`;
  };

  search.addEventListener('input', apply);
  choices.forEach((choice) => choice.addEventListener('change', apply));
  apply();
}

// Narrow screens show a row as a card, in which each cell says which column it is of.
for (const table of document.querySelectorAll('.scroll table')) {
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  for (const row of table.tBodies[0].rows) {
    [...row.cells].forEach((cell, at) => {
      if (cell.textContent.trim()) cell.dataset.label = heads[at];
    });
  }
}

const theme = document.querySelector('.theme');
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const isDark = () => (document.documentElement.dataset.theme || (dark.matches ? 'dark' : 'light')) === 'dark';
const nameIt = () => { theme.textContent = isDark() ? 'Light page' : 'Dark page'; };
theme.addEventListener('click', () => {
  document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
  nameIt();
});
dark.addEventListener('change', nameIt);
nameIt();

// Paper shows every row, and opens what a reader of paper could not; reasons for what holds stay folded.
let opened = [];
let hidden = [];
window.addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll('details:not([open], .fold)')];
  hidden = [...document.querySelectorAll('tr[hidden]')];
  opened.forEach((each) => { each.open = true; });
  hidden.forEach((each) => { each.hidden = false; });
});
window.addEventListener('afterprint', () => {
  opened.forEach((each) => { each.open = false; });
  hidden.forEach((each) => { each.hidden = true; });
});
