"""How the pages look."""

STYLE = """
:root { color-scheme: light dark; --ink: #1d2b28; --quiet: #5d6f6a; --line: #dbe3e0; --paper: #fff; --ground: #f3f6f5;
	--accent: #14746f; --bad: #b3261e; --good: #2e7d32; --soft: #e7f1ef; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4ece9; --quiet: #9db0aa; --line: #34413d; --paper: #1b2321;
	--ground: #131918; --accent: #5cc3b4; --bad: #ff8a80; --good: #81c784; --soft: #22302d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header { background: var(--paper); border-bottom: 1px solid var(--line); padding: 10px 24px 0; }
header .who { font-weight: 600; }
header .note { color: var(--quiet); font-size: 13px; margin-left: 8px; }
nav { display: flex; flex-wrap: wrap; gap: 2px 4px; margin-top: 6px; }
nav a { padding: 6px 10px; border-bottom: 3px solid transparent; }
nav a.here { border-color: var(--accent); color: var(--ink); font-weight: 600; }
nav a:hover { text-decoration: none; background: var(--soft); }
main { max-width: 1180px; margin: 20px auto; padding: 0 20px; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 16px 20px; margin: 0 0 18px; }
h1 { font-size: 22px; margin: 0 0 14px; } h2 { font-size: 16px; margin: 0 0 10px; } h3 { font-size: 14px; margin: 14px 0 6px; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; color: var(--quiet); font-weight: 600; font-size: 13px; vertical-align: bottom; }
th, td { padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); } td { vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
tr:last-child td { border-bottom: 0; } tr.total td { font-weight: 600; } tr.section td { font-weight: 600; border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.tight { white-space: nowrap; }
.quiet { color: var(--quiet); } .bad { color: var(--bad); } .good { color: var(--good); } .scroll { overflow-x: auto; }
.counts { display: flex; flex-wrap: wrap; gap: 12px; } .counts a { border: 1px solid var(--line); border-radius: 8px;
	padding: 10px 18px; color: var(--ink); min-width: 130px; } .counts strong { display: block; font-size: 22px; }
.counts a:hover { text-decoration: none; border-color: var(--accent); }
.tabs { display: flex; flex-wrap: wrap; gap: 6px; margin: 0 0 14px; }
.tabs a { border: 1px solid var(--line); border-radius: 999px; padding: 2px 12px; font-size: 14px; }
.tabs a.here { background: var(--accent); border-color: var(--accent); color: var(--paper); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 16px; }
form { margin: 0 0 12px; } form.line { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; }
form.line label { display: block; font-size: 13px; color: var(--quiet); }
.knobs table { table-layout: fixed; } .knobs th:first-child { width: 30%; } .knobs th:nth-child(2) { width: 22%; }
.knobs code { font-size: 14px; overflow-wrap: anywhere; } .knobs tr.changed td:first-child { box-shadow: inset 3px 0 var(--accent); padding-left: 10px; }
.knobs input, .knobs select { width: 100%; }
section > p:first-child { margin-top: 0; } section > p:last-child { margin-bottom: 0; }
dl { margin: 0; } dt { color: var(--quiet); font-size: 13px; } dd { margin: 0 0 8px; white-space: pre-line; overflow-wrap: anywhere; }
pre { overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--ground); padding: 10px; border-radius: 6px;
	font-size: 13px; } summary { cursor: pointer; color: var(--quiet); }
button { font: inherit; padding: 5px 18px; border: 1px solid var(--line); border-radius: 6px; background: var(--paper);
	color: var(--ink); cursor: pointer; } button.main { background: var(--accent); border-color: var(--accent); color: var(--paper); }
input, select { font: inherit; padding: 4px 8px; border: 1px solid var(--line); border-radius: 6px; background: var(--paper);
	color: var(--ink); max-width: 100%; }
.choice { display: block; margin: 8px 0; } .stamp { border: 2px solid var(--bad); color: var(--bad); border-radius: 6px;
	padding: 0 8px; font-weight: 700; font-size: 14px; }
"""
