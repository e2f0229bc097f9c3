// Style sheets: sass, vendor prefixes, and the mirrored form for languages written from right to left.
import autoprefixer from "autoprefixer";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import postcss from "postcss";
import rtlcss from "rtlcss";
import * as sass from "sass";

const compiled = new Map(); // sass results, shared by the two directions

export function compileSass(file, source, folders) {
	const nodeModules = folders[folders.length - 1];
	const tilde = {
		findFileUrl: (url) =>
			url.startsWith("~") ? pathToFileURL(path.join(nodeModules, url.slice(1))) : null,
	};
	const options = {
		importers: [tilde],
		loadPaths: [path.dirname(file), ...folders],
		logger: sass.Logger.silent,
	};
	return sass.compileString(source, { ...options, url: pathToFileURL(file) }).css;
}

// What url() names is served by the web server under /assets, or is data: it stays as it is.
export const keepUrls = {
	name: "keep-urls",
	setup(build) {
		build.onResolve({ filter: /.*/ }, (found) =>
			found.kind === "url-token" ? { path: found.path, external: true } : undefined
		);
	},
};

// Prefixes and mirroring come before esbuild, which drops the comments that steer rtlcss.
export function makeStylePlugin(folders, mirror) {
	const processor = postcss(mirror ? [autoprefixer, rtlcss] : [autoprefixer]);
	return {
		name: "styles",
		setup(build) {
			build.onLoad({ filter: /\.(scss|css)$/ }, async ({ path: file }) => {
				if (!compiled.has(file)) {
					const source = fs.readFileSync(file, "utf8");
					compiled.set(file, file.endsWith(".scss") ? compileSass(file, source, folders) : source);
				}
				const result = await processor.process(compiled.get(file), { from: file, map: false });
				return { contents: result.css, loader: "css", resolveDir: path.dirname(file) };
			});
		},
	};
}
