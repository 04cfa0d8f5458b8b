"""The open benchmark: composed articles, scrambled into raw pages with a gold reading, and a scorer.

    stories    the composed articles as data (`stories/*.txt`), parsed
    plans      which stories make a page, and what happens to it (`plans/*.toml`)
    damage     what print and extraction do to characters and lines
    scramble   story + plan -> raw page + gold, seeded: the same plan gives the same page
    outcome    reads a normalizer's Markdown
    score      compares it with the gold: exact repair and conservation
    baselines  what doing nothing, a pandoc round trip and heuristic unwrapping score

`python tests/benchmark` prints the table of the README; `--write` makes the pages anew. The pages lie
in `tests/pages`, a folder a split: tune on `dev`, only measure with `held`.
"""
