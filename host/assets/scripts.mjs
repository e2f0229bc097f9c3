// What Frappe's scripts import beside JavaScript: HTML templates and Vue components.
import esbuild from "esbuild";
import fs from "node:fs";
import path from "node:path";
import { createHash } from "node:crypto";
import { compileScript, compileStyleAsync, compileTemplate, parse } from "vue/compiler-sfc";
import { compileSass, keepUrls } from "./styles.mjs";

// An imported template becomes an entry of frappe.templates, named by its file. One file escapes its quotes.
export function makeHtmlPlugin() {
	return {
		name: "html-templates",
		setup(build) {
			build.onLoad({ filter: /\.html$/ }, ({ path: file }) => {
				const text = fs.readFileSync(file, "utf8").replaceAll("\\'", "'");
				const name = JSON.stringify(path.basename(file, ".html"));
				return { contents: `frappe.templates[${name}] = ${JSON.stringify(text)};`, loader: "js" };
			});
		},
	};
}

export function makeVuePlugin(folders) {
	return {
		name: "vue-components",
		setup(build) {
			build.onLoad({ filter: /\.vue$/ }, ({ path: file }) => compileComponent(file, folders));
		},
	};
}

async function compileComponent(file, folders) {
	const { descriptor, errors } = parse(fs.readFileSync(file, "utf8"), { filename: file });
	if (errors.length) return { errors: errors.map((error) => ({ text: `${file}: ${error.message}` })) };
	const id = `data-v-${createHash("sha256").update(path.basename(file)).digest("hex").slice(0, 8)}`;
	const scoped = descriptor.styles.some((style) => style.scoped);
	const inline = Boolean(descriptor.scriptSetup);
	const script =
		inline || descriptor.script
			? compileScript(descriptor, {
					id,
					isProd: true,
					inlineTemplate: inline,
					genDefaultAs: "component",
			  })
			: { content: "const component = {};" };
	const parts = [await makeStyleCall(descriptor, file, id, folders), script.content];
	if (!inline && descriptor.template) {
		const { code } = compileTemplate({ source: descriptor.template.content, filename: file, id, scoped });
		parts.push(code, "component.render = render;");
	}
	if (scoped) parts.push(`component.__scopeId = "${id}";`);
	parts.push("export default component;");
	const loader = script.lang === "ts" ? "ts" : "js";
	return { contents: parts.join("\n"), loader, resolveDir: path.dirname(file) };
}

// Nothing loads a style sheet for a script, so a component's style travels in its script.
async function makeStyleCall(descriptor, file, id, folders) {
	const sheets = [];
	for (const style of descriptor.styles) {
		const source = style.lang === "scss" ? compileSass(file, style.content, folders) : style.content;
		const { code, errors } = await compileStyleAsync({
			source,
			filename: file,
			id,
			scoped: Boolean(style.scoped),
		});
		if (errors.length) throw errors[0];
		sheets.push(code);
	}
	if (!sheets.length) return "";
	const { outputFiles } = await esbuild.build({
		stdin: { contents: sheets.join("\n"), loader: "css", resolveDir: path.dirname(file) },
		bundle: true,
		minify: true,
		write: false,
		nodePaths: folders,
		plugins: [keepUrls],
	});
	return `frappe.dom.set_style(${JSON.stringify(outputFiles[0].text.trim())});`;
}
