"""npp-publish: from the raw text of a newspaper page to a PDF, an EPUB and print-ready HTML.

Text comes in as PDF extraction or OCR leaves it. Eight numbered stages make publications of it;
every source character is accounted for on the way. The numbers are the same in the README, in the
log lines (`[4/8 compose] 3 articles`), in the docstrings and in the kept work folder.

     bytes
      | 1 read      source/       decode, hash, number the lines             -> Source
      | 2 detect    detect/       what each run of lines is                  -> Blocks
      | 3 repair    repair/       unwrap, rejoin, reattach                   -> Blocks
      | 4 compose   compose/      edition > articles > sections, boxes       -> Edition + Ledger
      | 5 write     markdown/     Edition <-> Markdown + YAML                -> edition.md
      | 6 parse     parse.py      Markdown, pictures and theme checked       -> RenderJob
      | 7 render    backends/     one module per output                      -> Artifacts
      | 8 validate  validate/     every artifact is judged, then published   -> dist/ + manifest
      v

Three ideas carry the house:

* A **block is a tuple of pieces** (`model.Piece`): runs of source characters with the decision
  taken on each. The pieces of all blocks partition the source, so the *ledger* is read off them,
  can be replayed to give the output and inverted to give the source back, and is, on every run.
* **`edition.md` is the contract on disk**: stages 1-5 make it, a person may edit it, stages 6-8
  publish it. What is written reads back equal, and that too is checked on every run.
* **Backends are plugins** without privilege; nothing enters `dist/` that a judge refused.

Around the stages: `makeready` makes starts quick, `press` runs each backend in a child process,
`proofs` writes every stage's output into the work folder, `colophon` and `standing` know whether
anything changed, `newsroom` publishes one document and `pressroom` thousands. `makeready` runs before
everything else and answers an order at once where nothing has changed.

Layers: a module imports only from those to its left (a test reads the imports):

    makeready -> errors, devils, diagnostics, model, typecase -> ledger, sorts, pandoc
    -> source, detect, repair, compose -> markdown -> typeset -> validate -> backends -> config
    -> parse, pictures, colophon, press, dist -> proofs, standing, wishes, morgue -> pipeline
    -> newsroom -> pressroom -> cli
"""

__version__ = "0.1.0"
