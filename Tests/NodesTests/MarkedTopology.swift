import Kafka
import Testing
import Topology

@testable import Nodes

/// The text of a topology in which a `▸` stands before each place at which a fault is expected.
struct MarkedTopology {
    /// The text without the signs.
    let text: String
    /// The places, in the order of the text.
    let marks: [SourceMark]

    init(_ written: String) {
        var (text, marks, line, column) = ("", [SourceMark](), 1, 1)
        for character in written {
            switch character {
            case "▸":
                marks.append(SourceMark(line: line, column: column))
                continue
            case "\n": (line, column) = (line + 1, 1)
            default: column += 1
            }
            text.append(character)
        }
        (self.text, self.marks) = (text, marks)
    }

    /// From documents to evidence over the tiny model in a folder, with parts in place of the usual ones.
    init(
        in folder: String, header: String = "", subject: String? = nil, models: String = "",
        corpus: String = "{ type: stdin }", tokens: String = "model: subject", forward: String = "model: subject",
        encode: String = "hookpoint: layers.1, coder: \(TinyModel.coder)", stages: String = "", sinks: String = ""
    ) {
        self.init(
            """
            version: 1
            name: tiny
            \(header)
            models:
              subject: \(subject ?? "{ path: \(folder)/model, bos: \"<|bos|>\" }")
              far: { openai: "http://127.0.0.1:9/v1", model: e, price_input: 0 }
            \(models)
            sources:
              corpus: \(corpus)
            stages:
              tokens: { type: tokenize, inputs: [corpus], \(tokens), context: 64 }
              residual: { type: forward, inputs: [tokens], \(forward), hookpoints: [layers.0, layers.1] }
              codes: { type: encode, inputs: [residual], \(encode) }
              evidence: { type: reservoir, inputs: [codes] }
            \(stages)
            \(sinks)

            """)
    }

    /// The graph of the topology, which must be free of faults of form.
    func graph(environment: [String: String] = [:]) throws -> Graph {
        let read = read(environment: environment)
        return try Graph(#require(read.topology, "\(read.diagnostics)"))
    }

    /// The faults of the text, found without a look at the files that it names.
    func read(environment: [String: String] = [:]) -> (topology: Topology?, diagnostics: [Diagnostic]) {
        TopologyText.read(text, environment: environment)
    }

    /// The faults of the graph.
    func diagnostics() throws -> [Diagnostic] { try graph().diagnostics(file: "t.yaml") }

    /// Diagnostics at the marked places, one after the other.
    func expected(_ faults: (code: DiagnosticCode, message: String, help: String?)...) -> [Diagnostic] {
        faults.enumerated().map { index, fault in
            Diagnostic(
                fault.code, file: "t.yaml", mark: index < marks.count ? marks[index] : nil, message: fault.message,
                help: fault.help)
        }
    }
}
