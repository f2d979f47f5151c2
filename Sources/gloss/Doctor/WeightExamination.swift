import LanguageModels
import LinearAlgebra
import Nodes
import SparseCoders
import TerminalText
import Topology

/// The files of models and coders: their size and digest, and how contexts can be batched.
enum WeightExamination {
    /// Findings of all models and coders, and of servers that are not asked themselves; reads every byte of them and multiplies matrices, so it blocks.
    static func findings(of graph: Graph, asksServers: Bool) -> [Finding] {
        models(of: graph, asksServers: asksServers) + coders(of: graph)
    }

    private static func models(of graph: Graph, asksServers: Bool) -> [Finding] {
        var names: [String: [String]] = [:]
        var others: [Finding] = []
        for (name, entry) in graph.topology.models.sorted(by: { $0.key < $1.key }) {
            switch entry {
            case .file(let file) where !file.hasWeights:
                others.append(Finding(.ok, "model \(name)", "\(file.path): the tokenizer alone, without weights"))
            case .file(let file): names[file.path, default: []].append(name)
            case .openAI(let endpoint):
                guard !asksServers else { continue }
                others.append(
                    Finding(.warn, "model \(name)", "behind \(endpoint.url), which is asked with `doctor --ask` only"))
            }
        }
        return names.sorted { $0.value.lexicographicallyPrecedes($1.value) }.flatMap { path, names in
            model(
                names, at: path, in: graph, isEncoder: graph.sentenceEncoders.isSuperset(of: names))
        } + others
    }

    private static func model(
        _ names: [String], at path: String, in graph: Graph, isEncoder: Bool
    ) -> [Finding] {
        let subject = "model \(names.joined(separator: ", "))"
        guard let name = names.first else { return [] }
        do {
            if isEncoder {
                let encoder = try graph.encoder(name)
                let size = ByteText(FileSize.bytes(at: path + "/model.safetensors"))
                return [Finding(.ok, subject, "\(path): a sentence encoder, \(size), digest \(encoder.digest)")]
            }
            let model = try graph.model(name)
            let file = Finding(.ok, subject, "\(path): \(ByteText(FileSize.bytes(at: path))), digest \(model.digest)")
            let batches =
                switch model.batchMode() {
                case .ragged: Finding(.ok, subject, "contexts are batched: a row does not depend on its neighbours")
                case .perContext:
                    Finding(
                        .warn, subject,
                        "contexts run one by one, which is slower: on this CPU a row depends on its neighbours")
                }
            return [file, batches]
        } catch {
            return [Finding(.fail, subject, "\(error)")]
        }
    }

    private static func coders(of graph: Graph) -> [Finding] { graph.coderPlaces.map(coder) }

    private static func coder(_ place: CoderPlace) -> Finding {
        let subject = "coder \(place.node)"
        do {
            let shape = try place.shape.get()
            // Codes that come in from a topic have no file.
            let bytes = FileSize.bytes(at: place.path)
            let size = bytes > 0 ? "\(ByteText(bytes)), " : ""
            return Finding(.ok, subject, "\(place.path): \(shape.latents) latents, \(size)digest \(shape.digest)")
        } catch {
            return Finding(.fail, subject, "\(error)")
        }
    }
}
