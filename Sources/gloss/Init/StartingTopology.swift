/// The first topology of somebody's own, as text.
struct StartingTopology: Sendable, Hashable {
    /// Where texts come from.
    enum Corpus: Sendable, Hashable {
        /// A file of lines.
        case file(String)
        /// A topic.
        case topic(brokers: String, name: String)

        /// Reads `kafka://BROKERS/TOPIC` or a path.
        init(_ text: String) {
            let scheme = "kafka://"
            guard text.hasPrefix(scheme), let slash = text.dropFirst(scheme.count).lastIndex(of: "/") else {
                self = .file(text)
                return
            }
            self = .topic(
                brokers: String(text[..<slash].dropFirst(scheme.count)), name: String(text[text.index(after: slash)...])
            )
        }
    }

    /// Who writes explanations in words and judges them.
    enum Judge: Sendable, Hashable {
        /// A model file.
        case file(String)
        /// An OpenAI-compatible server and the model's name there.
        case server(String, model: String)
    }

    let name: String
    let model: String
    /// The token with which contexts begin; `nil` for the model file's own rule.
    let bos: String?
    let coder: String
    let hookpoint: String
    let corpus: Corpus
    let judge: Judge?

    /// The file.
    var text: String {
        """
        # Made by `gloss init`. What each field means, and what else there is: docs/topology.md.
        #   gloss validate FILE     every error, with its line and column
        #   gloss run FILE          until stopped; --until-drained ends once all is done
        version: 1
        name: \(Self.quoted(name))
        state: { directory: \(Self.quoted("./state/" + name)), checkpoint: 10s, memory: 4GiB }
        http: "127.0.0.1:8080"

        models:
          subject: { path: \(Self.quoted(model))\(bos.map { ", bos: \(Self.quoted($0))" } ?? "") }
        \(judge.map(Self.model) ?? "")
        sources:
          corpus: \(source)

        stages:
          tokens:   { type: tokenize,  inputs: [corpus], model: subject, context: 256 }
          residual: { type: forward,   inputs: [tokens], model: subject, hookpoints: [\(Self.quoted(hookpoint))] }
          codes:    { type: encode,    inputs: [residual], coder: \(Self.quoted(coder)), hookpoint: \(Self.quoted(hookpoint)) }
          evidence: { type: reservoir, inputs: [codes], window: 32, sample: 256 }

          # Every latent, without asking a model: the tokens that tell where it fires, run as a rule over held-out windows.
          lexical:  { type: explain,   inputs: [evidence], explainer: lexical, latents: all, when: drained }
          executed: { type: score,     inputs: [lexical], method: execution }
        \(judge == nil ? "" : Self.asked)
        """
    }

    private var source: String {
        switch corpus {
        case .file(let path): "{ type: file, path: \(Self.quoted(path)) }"
        case .topic(let brokers, let topic):
            "{ type: kafka, brokers: \(Self.quoted(brokers)), topics: [\(Self.quoted(topic))], "
                + "group: \(Self.quoted("gloss-" + name)), start: earliest }"
        }
    }

    private static func model(_ judge: Judge) -> String {
        switch judge {
        case .file(let path): "  judge:   { path: \(quoted(path)) }\n"
        case .server(let address, let model):
            "  # A server that asks for a key: add `api_key: !secret env:NAME`.\n"
                + "  judge:   { openai: \(quoted(address)), model: \(quoted(model)) }\n"
        }
    }

    private static var asked: String {
        """

          # Some latents, by the judge: what it sees in their windows, and whether what it says fits windows it was not shown.
          prose:    { type: explain,   inputs: [evidence], explainer: default, model: judge, latents: { sample: 50, seed: 7 },
                      when: drained }
          detected: { type: score,     inputs: [prose], method: detection, model: judge }

        """
    }

    /// A text of YAML in quotation marks.
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
