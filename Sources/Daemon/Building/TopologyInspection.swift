import Dataflow
import Elements
import Foundation
import Interchange
import LanguageModels
import Scoring
import SparseCoders
import Tokenization
public import Topology

/// Looks at the files that a topology names: whether they are there and fit one another.
public enum TopologyInspection {
    /// Everything wrong with models, coders and hookpoints, each with its place in the file.
    public static func diagnostics(of topology: Topology, file: String) -> [Diagnostic] {
        var inspector = Inspector(topology: topology, file: file)
        for name in topology.models.keys.sorted() { inspector.inspectModel(name) }
        for node in topology.topologicalOrder {
            switch node.schema.type {
            case "forward": inspector.inspectForward(node)
            case "encode": inspector.inspectEncode(node)
            case "explain": inspector.inspectCoders(above: node)
            case "score":
                inspector.inspectCoders(above: node)
                inspector.inspectReservoirs(above: node)
                inspector.inspectCascade(node)
                if node.schema.variant?.value == InterventionScorer.method { inspector.inspectIntervention(node) }
                inspector.inspectNegatives(of: node)
            case "file": inspector.inspectSource(node)
            case "delphi_cache": inspector.inspectCache(node)
            default: break
            }
        }
        return inspector.diagnostics
    }
}

extension Topology {
    /// The names of the models that are asked for vectors of sentences and nothing else.
    public var sentenceEncoders: Set<String> {
        let encoders = nodes.flatMap { node in NegativesChoice.encoderFields(of: node).compactMap(node.string) }
        let others = nodes.filter { !NegativesChoice.encoderFields(of: $0).contains("model") }
        return Set(encoders).subtracting(others.compactMap { $0.string("model") })
    }
}

private struct Inspector {
    let topology: Topology
    let file: String
    var diagnostics: [Diagnostic] = []
    private var models: [String: LanguageModel] = [:]
    private var coders: [String: Result<SparseCoder, CoderError>] = [:]

    init(topology: Topology, file: String) {
        self.topology = topology
        self.file = file
    }

    private mutating func report(_ code: DiagnosticCode, _ mark: SourceMark, _ message: String, help: String? = nil) {
        diagnostics.append(Diagnostic(code, file: file, mark: mark, message: message, help: help))
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    mutating func inspectModel(_ name: String) {
        guard case .file(let entry) = topology.models[name] else { return inspectPrice(name) }
        guard exists(entry.path) else {
            return report(
                .missingFile, entry.mark, "model \(name): there is no file \(entry.path)",
                help: "paths are relative to the working directory, \(FileManager.default.currentDirectoryPath)")
        }
        if topology.sentenceEncoders.contains(name) { return inspectSentenceEncoder(name, entry) }
        do {
            let model = try LanguageModel(path: entry.path)
            let tokenizer = try Tokenizer.load(from: entry.path)
            models[name] = model
            try tokenizer.check(vocabulary: model.configuration.vocabulary)
            inspectBOS(name, entry, tokenizer)
        } catch {
            report(.badFile, entry.mark, "model \(name): \(error)")
        }
    }

    private mutating func inspectPrice(_ name: String) {
        guard topology.budget?.cost != nil, case .openAI(let endpoint) = topology.models[name], endpoint.prices == nil
        else { return }
        report(
            .missingPrice, endpoint.mark, "`budget` bounds the cost, but model \(name) has no price",
            help: "give it `price_input` and `price_output`, 0 where it costs nothing")
    }

    private mutating func inspectSentenceEncoder(_ name: String, _ entry: ModelFile) {
        do {
            let encoder = try SentenceEncoder(folder: entry.path)
            try Tokenizer.load(from: entry.path).check(vocabulary: encoder.configuration.vocabulary)
        } catch {
            report(.badFile, entry.mark, "model \(name): \(error)")
        }
    }

    private mutating func inspectBOS(_ name: String, _ entry: ModelFile, _ tokenizer: Tokenizer) {
        switch entry.bos {
        case .none: break
        case .token(let text):
            if tokenizer.specialToken(text) == nil {
                report(.missingBOS, entry.bosMark, "model \(name) has no control token `\(text)`")
            }
        case .auto:
            if tokenizer.addsBOS == nil {
                report(
                    .missingBOS, entry.bosMark, "\(entry.path) does not say how a context begins",
                    help: "give `bos:` a token, or `none`")
            } else if tokenizer.addsBOS == true, tokenizer.bosToken == nil {
                report(
                    .missingBOS, entry.bosMark, "\(entry.path) asks for a BOS token but names none",
                    help: "give `bos:` a token, or `none`")
            }
        }
    }

    mutating func inspectForward(_ node: Node) {
        let name = node.string("model") ?? ""
        if case .openAI = topology.models[name] {
            return report(
                .badModel, node.mark(of: "model"),
                "\(node.id) needs the weights of model \(name), which is behind an endpoint", help: "give it a `path`")
        }
        guard let model = models[name] else { return }
        for (index, hookpoint) in (node.list("hookpoints") ?? []).enumerated() {
            do {
                _ = try model.width(at: model.hookpoint(named: hookpoint))
            } catch {
                report(.missingHookpoint, node.mark(of: "hookpoints", element: index), "\(node.id): \(error)")
            }
        }
    }

    mutating func inspectEncode(_ node: Node) {
        let choice: CoderChoice
        do {
            choice = try CoderChoice(node)
        } catch {
            return report(.badCoder, node.mark(of: "coder"), "\(error)")
        }
        if let path = choice.folder, !exists(path) {
            return report(
                .missingFile, node.mark(of: "coder"), "\(node.id): there is no folder \(path)",
                help: "paths are relative to the working directory, \(FileManager.default.currentDirectoryPath)")
        }
        let hookpoint = node.string("hookpoint") ?? ""
        let forwards = node.inputs.compactMap { topology.node($0.node) }
        for forward in forwards where !(forward.list("hookpoints") ?? []).contains(hookpoint) {
            let given = (forward.list("hookpoints") ?? []).joined(separator: ", ")
            report(
                .missingHookpoint, node.mark(of: "hookpoint"),
                "\(node.id) reads \(hookpoint), but \(forward.id) gives only \(given)")
        }
        let widths = forwards.compactMap { forward -> (model: LanguageModel, width: Int)? in
            guard let model = models[forward.string("model") ?? ""],
                let point = try? model.hookpoint(named: hookpoint), let width = try? model.width(at: point)
            else { return nil }
            return (model, width)
        }
        // The neurons of a hookpoint that is unknown have been complained of already.
        if case .neurons = choice, widths.isEmpty { return }
        do {
            let coder = try choice.open(width: widths.first?.width)
            if case .folder = choice, let trained = coder.placement.inputHookpoint, trained != hookpoint {
                report(
                    .otherHookpoint, node.mark(of: "hookpoint"),
                    "\(node.id): the coder's files say that it was trained on \(trained), not on \(hookpoint)")
            }
            for (model, width) in widths where width != coder.inputWidth {
                report(
                    .widthMismatch, node.mark(of: "coder"),
                    "\(node.id): the coder reads vectors of \(coder.inputWidth), but \(hookpoint) of \(model.name) is \(width) wide",
                    help: "it was trained on another model or hookpoint")
            }
        } catch {
            report(.badFile, node.mark(of: "coder"), "\(node.id): \(error)")
        }
    }

    /// Latents of two coders may have the same number, so that one node cannot tell them apart.
    mutating func inspectCoders(above node: Node) {
        let coders = topology.encodeNodes(above: node).map(\.id)
        guard coders.count > 1 else { return }
        report(
            .severalCoders, node.mark(of: "inputs"),
            "\(node.id) is fed with latents of several coders: \(coders.joined(separator: ", "))",
            help: "give each coder a node of its own")
    }

    /// Windows, negatives and controls of a node are all drawn from the same evidence.
    mutating func inspectReservoirs(above node: Node) {
        let reservoirs = topology.reservoirNodes(above: node).map(\.id)
        guard reservoirs.count > 1, topology.encodeNodes(above: node).count == 1 else { return }
        report(
            .severalReservoirs, node.mark(of: "inputs"),
            "\(node.id) is fed with explanations of several reservoirs: \(reservoirs.joined(separator: ", "))",
            help: "give each reservoir a node of its own")
    }

    mutating func inspectCache(_ node: Node) {
        do {
            _ = try DelphiCache(folder: node.path("path") ?? "")
        } catch {
            report(.badFile, node.mark(of: "path"), "\(node.id): \(error)")
        }
    }

    /// Latents can be intervened on where the coder writes what it reads.
    mutating func inspectIntervention(_ node: Node) {
        // What is wrong with the coder's files is said of its own node.
        guard let encode = topology.encodeNodes(above: node).first,
            let forward = topology.forwardNode(above: encode), let model = models[forward.string("model") ?? ""],
            let hookpoint = try? model.hookpoint(named: encode.string("hookpoint") ?? ""),
            let width = try? model.width(at: hookpoint), let choice = try? CoderChoice(encode),
            let coder = try? choice.open(width: width),
            let reason = SteeredModel.refusal(of: coder, at: hookpoint, width)
        else { return }
        report(.badCoder, node.mark, "\(node.id): \(reason)")
    }

    mutating func inspectCascade(_ node: Node) {
        guard let fault = topology.cascadeFault(of: node) else { return }
        report(.badCascade, node.mark(of: "inputs"), "\(node.id) \(fault)")
    }

    mutating func inspectNegatives(of node: Node) {
        do {
            _ = try NegativesChoice(node)
        } catch {
            report(.badNegatives, node.mark(of: "negatives"), "\(error)")
        }
    }

    mutating func inspectSource(_ node: Node) {
        guard let path = node.path("path"), !exists(path) else { return }
        report(.missingFile, node.mark(of: "path"), "\(node.id): there is no file \(path)")
    }
}
