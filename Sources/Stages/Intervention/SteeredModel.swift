import Elements
package import Hashing
package import Inference
package import LanguageModels
import Running
package import Scoring
package import SparseCoders
import Synchronization

/// A subject model in this process inside which the codes of a coder's latents are changed.
package final class SteeredModel: InterventionSubject {
    package let digest: Hash128

    private let model: BatchedModel
    private let coder: SparseCoder
    /// Where the coder reads, and where its latents write.
    private let hookpoint, place: Hookpoint
    /// Tokens at which the model ends a text.
    private let stops: Set<UInt32>
    /// Encoding is short, and its memory large.
    private let worker: Mutex<EncodeWorker>
    private let directions = Mutex<[Int: [Float]]>([:])

    /// Brings a model and a coder together at a hookpoint.
    ///
    /// - Parameter onlyAdds: Whether nothing is ever asked but that something be added, which transcoders allow too.
    /// - Throws: `DaemonError` if an edit has no place: the coder writes none that activations can be changed at, or, unless `onlyAdds`
    ///   is set, another one than it reads.
    package init(
        model: BatchedModel, coder: SparseCoder, hookpoint: Hookpoint, bos: UInt32?, stops: Set<UInt32>,
        onlyAdds: Bool = false
    ) throws {
        let reason =
            onlyAdds
            ? WrittenPlace.refusal(of: coder, reading: hookpoint, in: model.model)
            : Self.refusal(of: coder, at: hookpoint, try model.model.width(at: hookpoint))
        if let reason { throw DaemonError(.configuration, reason) }
        self.model = model
        self.coder = coder
        self.hookpoint = hookpoint
        place = WrittenPlace.hookpoint(of: coder, reading: hookpoint, in: model.model)
        self.stops = stops
        worker = Mutex(EncodeWorker(coder: coder))
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x7374_6565_72), wide: true)
        for hash in [model.model.digest, coder.digest] {
            hasher.update(hash.high)
            hasher.update(hash.low)
        }
        hasher.update(text: hookpoint.description)
        if place != hookpoint { hasher.update(text: place.description) }
        hasher.update(bos.map { UInt64($0) + 1 } ?? 0)
        for stop in stops.sorted() { hasher.update(stop) }
        digest = hasher.finalize128()
    }

    /// The reason why a coder's latents cannot be intervened on at a hookpoint of a width; `nil` if they can.
    package static func refusal(of coder: SparseCoder, at hookpoint: Hookpoint, _ width: Int) -> String? {
        if !coder.placement.isTranscoder, coder.inputWidth == width, coder.outputWidth == width { return nil }
        return "latents of \(coder.folder) cannot be intervened on at \(hookpoint): the coder must read and write that "
            + "place, \(width) wide; it reads \(coder.inputWidth) and writes \(coder.outputWidth) values"
            + (coder.placement.isTranscoder ? " of another place" : "")
    }

    /// The number of logits that the model gives.
    package var vocabulary: Int { model.model.configuration.vocabulary }

    package func logits(after prompt: [UInt32], under intervention: Intervention?) async throws(InferenceError)
        -> [Float]
    {
        try await model.logits(after: prompt, edits: edits(intervention, in: prompt))
    }

    package func completion(
        of prompt: [UInt32], under intervention: Intervention?, tokens: Int, seed: UInt64?
    ) async throws(InferenceError) -> [UInt32] {
        let sampling: Sampling
        do throws(ModelError) {
            sampling = try seed.map { seed throws(ModelError) in try Sampling(temperature: 1, seed: seed) } ?? .greedy
        } catch {
            throw InferenceError(.unsupported, "\(error)")
        }
        return try await model.generate(
            prompt: prompt, maximumTokens: tokens, stop: stops, sampling: sampling,
            edits: edits(intervention, in: prompt))
    }

    /// The edit of all positions from a prompt's last one on.
    private func edits(_ intervention: Intervention?, in prompt: [UInt32]) -> [HookpointEdit] {
        guard let intervention else { return [] }
        let latent = intervention.latent
        let edit = CodeEdit(
            differences: { [self] values, rows, width in
                var input = Matrix(rows: rows, columns: width)
                input.values = Array(values)
                return try differences(intervention, in: input).map { [.init(latent: latent, value: $0)] }
            },
            direction: { [self] in try direction($0) })
        return [HookpointEdit(at: place, from: prompt.count - 1, edit)]
    }

    /// The change in the latent's part of each row's reconstruction, in multiples of its decoder row.
    private func differences(_ intervention: Intervention, in input: Matrix) throws(CoderError) -> [Float] {
        // What a transcoder reads is not at hand where it writes, and it writes in that place's own units.
        let scales =
            place == hookpoint
            ? try coder.outputScales(of: input) : [Float](repeating: 1, count: input.rows)
        switch intervention.change {
        case .add(let addend): return scales.map { addend * $0 }
        case .ablate:
            guard place == hookpoint else {
                throw .shape(
                    what: "activations for \(coder.folder)", found: "those of \(place)",
                    expected: "those of \(hookpoint)")
            }
            let codes = try worker.withLock { worker throws(CoderError) in try worker.encode(input) }
            return scales.enumerated().map { row, scale in
                let active = codes.rowStarts[row]..<codes.rowStarts[row + 1]
                let pair = active.first { Int(codes.latents[$0]) == intervention.latent }
                return pair.map { -codes.activations[$0] * scale } ?? 0
            }
        }
    }

    private func direction(_ latent: Int) throws(CoderError) -> [Float] {
        if let known = directions.withLock({ $0[latent] }) { return known }
        let direction = try coder.decoderRow(latent)
        directions.withLock { known in
            if known.count >= 256 { known.removeAll() }
            known[latent] = direction
        }
        return direction
    }
}
