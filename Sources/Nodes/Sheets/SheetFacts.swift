import Elements
import LanguageModels
import LatentSheets
import Running
import Topology

/// What the codes of a node rest on, as a page states it.
enum SheetFacts {
    /// The facts, each once, in the order in which text becomes codes.
    static func of(_ codes: any GivesCodes, _ identity: CoderIdentity, in graph: Graph) -> [SheetFact] {
        var facts: [SheetFact] = []
        let sources = graph.nearest((any ReadsRecords).self, above: codes.node)
        if !sources.isEmpty { facts.append(SheetFact("records", sources.map(place).joined(separator: ", "))) }
        if let cutter = graph.first((any CutsContexts).self, above: codes.node) {
            facts.append(SheetFact("context", "\(cutter.contextLength) tokens"))
            facts.append(SheetFact("first token", firstToken(of: cutter.model, in: graph)))
        }
        if let forward = graph.first((any RunsSubject).self, above: codes.node) {
            facts.append(SheetFact("subject", (try? graph.weights.file(forward.model).path) ?? forward.model))
        }
        facts.append(SheetFact("hookpoint", codes.hookpoint))
        facts.append(SheetFact("coder", "\(codes.place), \(identity.latents) latents, \(identity.digest)"))
        if let encode = codes as? any EncodesSubject {
            facts.append(
                SheetFact("first position", encode.masksFirst ? "left out of the codes" : "encoded like any other"))
        }
        if let reservoir = graph.all((any Samples).self).first(where: { reservoir in
            graph.inputs(of: reservoir.node).contains { $0.id == codes.id }
        }), let window = reservoir.node.texts["window"] {
            facts.append(SheetFact("windows", "\(window) tokens"))
        }
        facts.append(SheetFact("topology", "\(graph.topology.name), \(graph.topology.digest)"))
        return facts
    }

    private static func place(_ source: any ReadsRecords) -> String {
        let texts = source.node.texts
        return [texts["path"], texts["topics"]].compactMap(\.self).first ?? source.id
    }

    private static func firstToken(of model: String, in graph: Graph) -> String {
        guard let file = try? graph.weights.file(model) else { return "not known" }
        let rule =
            switch file.bos {
            case .auto: "by the file's own rule"
            case .none: "none"
            case .token(let text): text
            }
        guard let token = try? graph.weights.bos(of: model) else { return rule }
        return "\(rule), id \(token)"
    }
}

extension Graph {
    /// The layers of the subject of a coder and the neurons of each, if its weights are at hand; opens them, so it blocks.
    package func subjectShape(of coder: String) -> (layers: Int, neurons: Int)? {
        guard let codes = all((any GivesCodes).self).first(where: { $0.id == coder }),
            let forward = first((any RunsSubject).self, above: codes.node),
            let configuration = try? weights.model(forward.model).configuration
        else { return nil }
        return (configuration.blocks, configuration.feedForwardWidth)
    }
}
