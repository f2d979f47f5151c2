import Foundation

/// Why there is no coder at an address, as far as the names of its files tell.
struct MissingCoder {
    /// What is there instead, and what to do.
    let error: CoderError

    init(_ source: CoderSource) {
        let place = source.address.description
        if let reason = Self.reason(source) {
            error = .notThere(place: place, reason: reason)
        } else {
            error = .unknownFormat(
                folder: place, expected: CoderFormats.all.map { $0.signature }.joined(separator: ", or "))
        }
    }

    private static func reason(_ source: CoderSource) -> String? {
        guard source.address.exists else {
            return isRepository(source.address.path)
                ? "there is no such folder; if it is a repository's name, download it first: hf download "
                    + "\(source.address.path) --local-dir DIR, and give DIR"
                : "there is no such folder or file"
        }
        if let layer = source.address.layer { return missingLayer(layer, source) }
        if source.isFile { return file(source) }
        let layers = layers(of: source)
        if let first = layers.first, let last = layers.last {
            return
                "it holds a coder for each of the layers \(first) to \(last): name one, as in \(source.folder)#\(first)"
        }
        return notBuilt(source) ?? incomplete(source) ?? foldersBelow(source)
    }

    /// The layers of which a folder has a coder each, in the first format that knows any.
    private static func layers(of source: CoderSource) -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: source.address.path)) ?? []
        var formats = [TranscoderSetFormat.fileName, CrossLayerFormat.fileName, QwenScopeFormat.fileName]
        if source.names.contains("clt") { formats.append(GemmaScopeCrossLayerFormat.fileName) }
        return formats.lazy.map { format in names.compactMap { LayerFile.layer(of: $0[...], format) }.sorted() }
            .first { !$0.isEmpty } ?? []
    }

    private static func missingLayer(_ layer: Int, _ source: CoderSource) -> String? {
        let layers = layers(of: source)
        guard let first = layers.first, let last = layers.last else { return nil }
        return "it has no layer \(layer), only \(first) to \(last)"
    }

    /// A file of a format that is named by its folder.
    private static func file(_ source: CoderSource) -> String? {
        let folder = URL(fileURLWithPath: source.folder).deletingLastPathComponent().path
        guard CoderFormats.format(of: CoderSource(CoderAddress(folder), given: CoderGivens())) != nil else {
            return nil
        }
        return "it is a file of a coder; give the folder, \(folder)"
    }

    /// Kinds of coders that are told by their files and are not read.
    private static func notBuilt(_ source: CoderSource) -> String? {
        if source.has("conf.yaml", "latest_ckpt.safetensors") {
            return
                "it is a temporal coder, whose latents depend on the tokens before; only coders of single tokens are read"
        }
        if source.has("params_layer_0.safetensors") || source.folder.contains("/crosscoder/") {
            return
                "it is a crosscoder, whose latents depend on several layers at once; only coders of one hookpoint are read"
        }
        return nil
    }

    /// One half of a coder.
    private static func incomplete(_ source: CoderSource) -> String? {
        for weights in ["sae.safetensors", "sae_weights.safetensors"] where source.has(weights) {
            return "it has \(weights), but not cfg.json"
        }
        if source.has("ae.pt") { return "it has ae.pt, but not config.json, which says of what class the coder is" }
        return source.has("cfg.json")
            ? "it has cfg.json, but no weights: sae.safetensors or sae_weights.safetensors" : nil
    }

    /// Folders below that hold coders, by their paths within.
    private static func foldersBelow(_ source: CoderSource) -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: source.address.path)) ?? []
        let holding = names.sorted(by: { $0.localizedStandardCompare($1) == .orderedAscending }).filter { name in
            let below = CoderSource(CoderAddress(source.path(name)), given: CoderGivens())
            return !below.isFile && CoderFormats.format(of: below) != nil
        }
        guard let first = holding.first else { return nil }
        let shown = holding.prefix(8).joined(separator: ", ") + (holding.count > 8 ? ", …" : "")
        return
            "it holds no coder itself, but \(holding.count == 1 ? "a folder" : "folders") of coders: \(shown); name one, as in "
            + source.path(first)
    }

    private static func isRepository(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.first != "." && !$0.contains(" ") }
    }
}
