"""Pages to look at the company with: plain HTML, made on the server."""
