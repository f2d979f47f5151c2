import Elements
import Evidence
import LanguageModels
package import LatentSheets
import LinearAlgebra
import SparseCoders
import Stages
import Synchronization
import Topology

/// What a topology's files tell of the latents of one of its nodes; weights are opened when they are first asked for.
final class OpenedCoder: CoderKnowledge {
    let identity: CoderIdentity
    let isRandom: Bool
    let tokenDecoder: (any TokenDecoder)?
    let facts: [SheetFact]
    let reexplained: [String: Reexplaining]
    let sample: Int?

    /// What was opened, if only that there is nothing.
    private struct HeldPromotion: Sendable {
        let tokens: TokenPromotion?
    }

    private let openPromotion: @Sendable () throws -> TokenPromotion?
    private let openCoder: (@Sendable () throws -> SparseCoder)?
    private let promotion = Mutex<HeldPromotion?>(nil)
    private let directions = Mutex<DirectionNeighbours?>(nil)
    /// The latents up to which directions are compared with each other at a look: each look reads all rows.
    private static let mostCompared = 1 << 17
    /// Neighbours looked for at once, so that a second look finds those of the first.
    private static let nearest = 10

    /// Opens the tokenizer of a node's codes, and nothing else yet.
    ///
    /// - Throws: What reading the coder's shape or the tokenizer throws.
    init(_ codes: any GivesCodes, in graph: Graph) throws {
        identity = try codes.coderIdentity(in: graph)
        isRandom = codes.isRandomControl
        let names = graph.first((any NamesTokens).self, above: codes.node)
        tokenDecoder = try names.map { try graph.weights.tokenizer($0.model) }
        facts = SheetFacts.of(codes, identity, in: graph)
        reexplained = graph.reexplaining(latentsOf: codes, total: identity.latents)
        let sampler = graph.all((any Samples).self).first { graph.gives(codes, above: $0.node) }
        sample = try sampler?.plan(in: graph).settings.sample
        openPromotion = { try graph.promotion(of: codes) }
        if codes.hasDirections {
            openCoder = { try codes.coder(in: graph) }
        } else {
            openCoder = nil
        }
    }

    func promotion(of latent: Int) throws -> [Float]? {
        try openedPromotion()?.changes(by: latent)
    }

    /// Opened at the first call; two at the same time may both open it.
    private func openedPromotion() throws -> TokenPromotion? {
        if let held = promotion.withLock({ $0 }) { return held.tokens }
        let opened = HeldPromotion(tokens: try openPromotion())
        promotion.withLock { $0 = opened }
        return opened.tokens
    }

    func neighbours(of latent: Int, count: Int) throws -> [LatentNeighbour] {
        guard let openCoder, identity.latents <= Self.mostCompared else { return [] }
        let coder = try openCoder()
        let finder = directions.withLock { held in
            let finder = held ?? DirectionNeighbours(coder: coder, count: max(count, Self.nearest))
            held = finder
            return finder
        }
        let near = try finder.neighbours(of: [latent])[latent] ?? []
        let own = try coder.decoderRow(latent)
        return try near.prefix(count).map { other in
            LatentNeighbour(latent: other, similarity: Self.cosine(own, try coder.decoderRow(other)))
        }
    }

    private static func cosine(_ one: [Float], _ other: [Float]) -> Double {
        func product(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        let lengths = (product(one, one) * product(other, other)).squareRoot()
        return lengths > 0 ? product(one, other) / lengths : 0
    }
}

extension Graph {
    /// When the explain nodes below a node that gives codes explain latents again, by explain node.
    fileprivate func reexplaining(latentsOf codes: any GivesCodes, total: Int) -> [String: Reexplaining] {
        all((any Explains).self).reduce(into: [:]) { found, explainer in
            guard let rule = explainer.reexplains, gives(codes, above: explainer.node) else { return }
            found[explainer.id] = Reexplaining(rule: rule, compared: compared(explainer.node, of: total))
        }
    }

    /// The latents that some score node takes of those that an explain node explains.
    private func compared(_ explainer: Node, of total: Int) -> Reexplaining.Latents {
        var taken: Set<Int> = []
        for case let scorer as any Scores in readers(of: explainer) {
            if scorer.latents == .all { return .all }
            taken.formUnion(scorer.latents.latents(of: total))
        }
        return .only(taken)
    }

    /// Whether a node works on the codes that another one gives.
    fileprivate func gives(_ codes: any GivesCodes, above node: Node) -> Bool {
        first((any GivesCodes).self, above: node)?.id == codes.id
    }

    /// What latents of a node's codes promote; `nil` if no head or no direction is at hand.
    ///
    /// - Throws: What opening the model or the coder throws.
    func promotion(of codes: any GivesCodes) throws -> TokenPromotion? {
        guard codes.hasDirections, let forward = first((any RunsSubject).self, above: codes.node) else { return nil }
        let model = try weights.model(forward.model)
        return TokenPromotion(
            model: model, coder: try codes.coder(in: self), hookpoint: try model.hookpoint(named: codes.hookpoint),
            tokenDecoder: try weights.tokenizer(forward.model))
    }

    /// What the files tell of the latents of each coder, in the order of the topology; opens tokenizers, so it blocks.
    package func knownCoders() throws -> [any CoderKnowledge] {
        try all((any GivesCodes).self).map { try OpenedCoder($0, in: self) }
    }
}
