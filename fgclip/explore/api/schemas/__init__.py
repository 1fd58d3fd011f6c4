"""What the page asks and is answered, tab by tab; `assets/web/core/wire.d.ts` is made of it."""
