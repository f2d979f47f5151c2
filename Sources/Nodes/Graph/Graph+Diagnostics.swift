import Elements
import Foundation
import LanguageModels
import Tokenization
package import Topology

extension Graph {
    /// Everything wrong with models, coders and hookpoints, each with its place in the file; opens them, so it blocks.
    package func diagnostics(file: String) -> [Diagnostic] {
        var findings = NodeFindings(file: file)
        let encoders = sentenceEncoders
        for name in topology.models.keys.sorted() { check(name, isEncoder: encoders.contains(name), into: &findings) }
        for definition in inOrder {
            definition.check(in: self, into: &findings)
            checkSelection(of: definition, into: &findings)
            checkWeights(of: definition, into: &findings)
        }
        return findings.diagnostics
    }

    /// Only who explains chooses among latents by what fires: others take what is explained or given.
    private func checkSelection(of definition: any NodeDefinition, into findings: inout NodeFindings) {
        guard let taker = definition as? any TakesLatents, case .firing = taker.latents,
            !(definition is any ChoosesLatents)
        else { return }
        findings.report(
            .badLatents, definition.node.mark(of: CommonFields.latents),
            "\(definition.id) cannot choose latents by what fires: it takes what explain nodes have explained, or what is given",
            help: "give `latents: { firing: n }` to the explain node, and leave it out here")
    }

    /// Who only names tokens needs no more of a model than its tokenizer.
    private func checkWeights(of definition: any NodeDefinition, into findings: inout NodeFindings) {
        guard !(definition is any NamesTokens) else { return }
        for use in definition.models {
            guard case .file(let entry) = topology.models[use.name], !entry.hasWeights else { continue }
            findings.report(
                .badModel, use.mark,
                "\(definition.id) needs the weights of model \(use.name), of which only the tokenizer is here",
                help: "give the model a `path`, or name another one here")
        }
    }

    private func check(_ name: String, isEncoder: Bool, into findings: inout NodeFindings) {
        guard case .file(let entry) = topology.models[name] else { return checkPrice(of: name, into: &findings) }
        guard FileManager.default.fileExists(atPath: entry.path) else {
            return findings.report(
                .missingFile, entry.mark, "model \(name): there is no file \(entry.path)", help: NodeFindings.pathHelp)
        }
        do {
            guard entry.hasWeights else {
                _ = try weights.bos(of: name)
                return
            }
            // One that no node uses may be of either kind.
            let isEncoder = isEncoder || !isUsed(name) && (try? weights.encoder(name)) != nil
            let vocabulary =
                isEncoder
                ? try weights.encoder(name).configuration.vocabulary
                : try weights.model(name).configuration.vocabulary
            try weights.tokenizer(name).check(vocabulary: vocabulary)
            if isEncoder { return }
            _ = try weights.bos(of: name)
        } catch let fault as BOSFault {
            findings.report(.missingBOS, entry.bosMark, fault.message, help: fault.help)
        } catch {
            findings.report(.badFile, entry.mark, "model \(name): \(error)")
        }
    }

    private func checkPrice(of name: String, into findings: inout NodeFindings) {
        guard topology.budget?.cost != nil, case .openAI(let endpoint) = topology.models[name], endpoint.prices == nil
        else { return }
        findings.report(
            .missingPrice, endpoint.mark, "`budget` bounds the cost, but model \(name) has no price",
            help: "give it `price_input` and `price_output`, 0 where it costs nothing")
    }

    /// Whether a model is a file; reports one behind an endpoint, which gives answers only, at the place of its name.
    @discardableResult
    func checkFile(of use: ModelUse, needing part: String, by node: Node, into findings: inout NodeFindings) -> Bool {
        guard case .openAI = topology.models[use.name] else { return true }
        findings.report(
            .badModel, use.mark, "\(node.id) needs the \(part) of model \(use.name), which is behind an endpoint",
            help: "give it a `path`")
        return false
    }

    /// Latents of two coders may have the same number, so that one node cannot tell them apart.
    func checkCoders(above node: Node, into findings: inout NodeFindings) {
        let coders = nearest((any GivesCodes).self, above: node).map(\.id)
        guard coders.count > 1 else { return }
        findings.report(
            .severalCoders, node.inputsMark,
            "\(node.id) is fed with latents of several coders: \(coders.joined(separator: ", "))",
            help: "give each coder a node of its own")
    }

    /// Windows, negatives and controls of a score node are all drawn from the same evidence, of one coder.
    func checkEvidence(above node: Node, into findings: inout NodeFindings) {
        checkCoders(above: node, into: &findings)
        let reservoirs = nearest((any Samples).self, above: node).map(\.id)
        guard reservoirs.count > 1, nearest((any GivesCodes).self, above: node).count == 1 else { return }
        findings.report(
            .severalReservoirs, node.inputsMark,
            "\(node.id) is fed with explanations of several reservoirs: \(reservoirs.joined(separator: ", "))",
            help: "give each reservoir a node of its own")
    }
}

extension NegativeTierFields {
    /// Reports a setting that is missing or does not belong, or a tier that the codes above a node have nothing for.
    func check(_ node: Node, in graph: Graph, stops: Bool = false, into findings: inout NodeFindings) {
        let place = node.mark(of: Self.negatives)
        if let fault = fault(of: node, stops: stops) { return findings.report(.badNegatives, place, fault) }
        guard tiers.contains(.neighbour),
            let codes = graph.nearest((any GivesCodes).self, above: node).first(where: { !$0.hasDirections })
        else { return }
        findings.report(
            .badNegatives, place,
            "\(node.id): `neighbour` negatives need the decoder of a coder, and \(codes.id) gives codes without one",
            help: "leave out `neighbour`")
    }
}

extension CascadeFields {
    /// The score nodes among the inputs of a node, in the order in which they are named.
    static func gates(of node: Node, in graph: Graph) -> [any Scores] {
        graph.inputs(of: node).compactMap { $0 as? any Scores }
    }

    /// Reports the reason why explanations cannot be settled.
    func check(_ node: Node, in graph: Graph, into findings: inout NodeFindings) {
        guard let fault = fault(gates: Self.gates(of: node, in: graph)) else { return }
        findings.report(.badCascade, node.inputsMark, "\(node.id) \(fault)")
    }
}
