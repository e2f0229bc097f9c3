// Build the bundles of an app's public folder into files the desk can load.
// Usage: node build.mjs APP PACKAGE_FOLDER OUT
// Writes OUT/APP (what /assets/APP serves: links to the public files, node_modules, dist/) and adds the bundles' names to
// OUT/assets.json and OUT/assets-rtl.json. Bundles are public/**/*.bundle.{js,scss,css}.
import esbuild from "esbuild";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { makeHtmlPlugin, makeVuePlugin } from "./scripts.mjs";
import { keepUrls, makeStylePlugin } from "./styles.mjs";

const [app, packageFolder, out] = process.argv.slice(2);
const nodeModules = fileURLToPath(new URL("node_modules", import.meta.url));
const publicFolder = path.join(packageFolder, "public");
const dist = path.join(out, app, "dist");
const folders = [path.dirname(packageFolder), nodeModules]; // where bare imports are looked up

function findBundles(extensions) {
	return fs
		.readdirSync(publicFolder, { recursive: true })
		.filter((file) => !/(^|\/)(dist|node_modules)\//.test(file))
		.filter((file) => extensions.some((extension) => file.endsWith(`.bundle.${extension}`)))
		.map((file) => path.join(publicFolder, file));
}

function linkPublicFiles() {
	fs.mkdirSync(dist, { recursive: true });
	const links = fs.readdirSync(publicFolder).map((name) => [name, path.join(publicFolder, name)]);
	for (const [name, target] of [...links, ["node_modules", nodeModules]]) {
		const link = path.join(out, app, name);
		if (!fs.existsSync(link)) fs.symlinkSync(target, link);
	}
}

async function build(entryPoints, kind, options) {
	const { metafile } = await esbuild.build({
		entryPoints,
		outdir: path.join(dist, kind),
		entryNames: "[name].[hash]",
		bundle: true,
		minify: true,
		metafile: true,
		nodePaths: folders,
		logLevel: "error",
		...options,
	});
	return Object.keys(metafile.outputs)
		.map((file) => path.basename(file))
		.map((name) => [name.replace(/\.[A-Z0-9]{8}(\.\w+)$/, "$1"), `/assets/${app}/dist/${kind}/${name}`]);
}

function addToManifest(file, entries) {
	const manifest = path.join(out, file);
	const known = fs.existsSync(manifest) ? JSON.parse(fs.readFileSync(manifest, "utf8")) : {};
	fs.writeFileSync(manifest, JSON.stringify({ ...known, ...Object.fromEntries(entries) }, null, 1));
}

linkPublicFiles();
const scripts = await build(findBundles(["js"]), "js", {
	target: "es2017",
	define: {
		"process.env.NODE_ENV": '"production"',
		__VUE_OPTIONS_API__: "true",
		__VUE_PROD_DEVTOOLS__: "false",
	},
	// One copy of Vue: vuedraggable would otherwise bring a second one, with its compiler.
	alias: { vue: path.join(nodeModules, "vue/dist/vue.runtime.esm-bundler.js") },
	plugins: [makeHtmlPlugin(), makeVuePlugin(folders)],
});
const styleBundles = findBundles(["scss", "css"]);
const sheets = await build(styleBundles, "css", { plugins: [keepUrls, makeStylePlugin(folders, false)] });
const mirrored = await build(styleBundles, "css-rtl", {
	plugins: [keepUrls, makeStylePlugin(folders, true)],
});
addToManifest("assets.json", [...scripts, ...sheets]);
addToManifest(
	"assets-rtl.json",
	mirrored.map(([name, url]) => [`rtl_${name}`, url])
);
console.log(`${app}: ${scripts.length} scripts, ${sheets.length} style sheets, ${mirrored.length} mirrored`);
