import Daemon
import Dataflow
import LanguageModels
import LinearAlgebra
import SparseCoders
import TerminalText
import Topology

/// The files of models and coders: their size and digest, and how contexts can be batched.
enum WeightExamination {
    /// Findings of all models and coders; reads every byte of them and multiplies matrices, so it blocks.
    static func findings(of topology: Topology) -> [Finding] {
        models(of: topology) + coders(of: topology)
    }

    private static func models(of topology: Topology) -> [Finding] {
        var names: [String: [String]] = [:]
        var endpoints: [Finding] = []
        for (name, entry) in topology.models.sorted(by: { $0.key < $1.key }) {
            switch entry {
            case .file(let file): names[file.path, default: []].append(name)
            case .openAI(let endpoint):
                endpoints.append(Finding(.warn, "model \(name)", "behind \(endpoint.url), which is not asked here"))
            }
        }
        return names.sorted { $0.value.lexicographicallyPrecedes($1.value) }.flatMap { path, names in
            model(
                at: path, subject: "model \(names.joined(separator: ", "))",
                isEncoder: topology.sentenceEncoders.isSuperset(of: names))
        } + endpoints
    }

    private static func model(at path: String, subject: String, isEncoder: Bool) -> [Finding] {
        do {
            if isEncoder {
                let encoder = try SentenceEncoder(folder: path)
                let size = ByteText(FileSize.bytes(at: path + "/model.safetensors"))
                return [Finding(.ok, subject, "\(path): a sentence encoder, \(size), digest \(encoder.digest)")]
            }
            let model = try LanguageModel(path: path)
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
            return [Finding(.fail, subject, error.description)]
        }
    }

    private static func coders(of topology: Topology) -> [Finding] {
        topology.nodes.filter { $0.schema.type == "encode" }.map {
            coder(of: $0, in: topology)
        }
    }

    private static func coder(of node: Node, in topology: Topology) -> Finding {
        let (path, subject) = (node.path("coder") ?? "", "coder \(node.id)")
        do {
            let coder = try topology.openCoder(of: node)
            let size = ByteText(FileSize.bytes(at: path))
            return Finding(.ok, subject, "\(path): \(coder.latents) latents, \(size), digest \(coder.digest)")
        } catch {
            return Finding(.fail, subject, "\(error)")
        }
    }
}
