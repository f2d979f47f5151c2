package import Dataflow
package import Elements
package import Hashing
package import LanguageModels
package import LinearAlgebra
package import Scoring
package import SparseCoders
package import Tokenization

/// Reads texts as ingest does: cut into contexts, run through the subject and encoded, in threads that share the cores with ingest.
package final class SubjectReader: TextReader {
    /// How a text becomes codes.
    package struct Path: Sendable {
        package let model: LanguageModel
        package let coder: SparseCoder
        package let hookpoint: Hookpoint
        /// Whether the first position of a context is left out.
        package let masksFirst: Bool
        package let tokenizer: any TextTokenizer
        package let cutter: ContextCutter
        package let mode: BatchMode

        package init(
            model: LanguageModel, coder: SparseCoder, hookpoint: Hookpoint, masksFirst: Bool,
            tokenizer: any TextTokenizer, cutter: ContextCutter, mode: BatchMode
        ) {
            self.model = model
            self.coder = coder
            self.hookpoint = hookpoint
            self.masksFirst = masksFirst
            self.tokenizer = tokenizer
            self.cutter = cutter
            self.mode = mode
        }
    }

    /// What one thread works with.
    private final class Worker {
        let forward: ForwardPass
        let encoder: EncodeWorker

        init(_ path: Path) throws {
            forward = try ForwardPass(model: path.model, hookpoints: [path.hookpoint], mode: path.mode)
            encoder = EncodeWorker(coder: path.coder)
        }
    }

    /// How long a thread may keep a core at a time.
    private static let turn = Duration.milliseconds(500)
    private static let bounds = 32...4096

    package let digest: Hash128

    private let path: Path
    private let pool: ComputePool<Worker>
    private let pace = SharedPace(target: turn, bounds: bounds, workers: 1)

    /// Starts the threads; each makes what it works with when it is first needed.
    package init(_ path: Path, name: String, threads: Int, permits: CorePermits?) {
        self.path = path
        pool = ComputePool(name: name, threads: threads, permits: permits) { try Worker(path) }
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x7265_6164), wide: true)
        for hash in [path.model.digest, path.coder.digest] {
            hasher.update(hash.high)
            hasher.update(hash.low)
        }
        hasher.update(text: path.hookpoint.description)
        hasher.update(path.cutter.bos.map { UInt64($0) + 1 } ?? 0)
        hasher.update(UInt64(path.masksFirst ? 1 : 0))
        hasher.update(Int64(path.cutter.length))
        digest = hasher.finalize128()
    }

    package func read(_ texts: [String], tokens: Int) async throws -> [ReadText] {
        let path = path
        let contexts = try await pool.run { _ in texts.map { path.context(of: $0, tokens: tokens) } }
        var read: [ReadText] = []
        var rest = contexts[...]
        while !rest.isEmpty {
            try Task.checkCancellation()
            // As many as a turn allows, and one at least.
            var (count, size) = (0, 0)
            for context in rest {
                size += context.tokens.count
                guard count == 0 || size <= pace.batch() else { break }
                count += 1
            }
            let part = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
            read += try await pool.run { [pace] worker in
                let start = ContinuousClock.now
                let found = try path.read(part, worker.forward, worker.encoder)
                pace.worked(tokens: part.reduce(0) { $0 + $1.tokens.count }, for: ContinuousClock.now - start)
                return found
            }
        }
        return read
    }
}

extension SubjectReader.Path {
    /// The first context of a document, of at most `tokens` tokens besides BOS; empty for a text without tokens.
    fileprivate func context(of text: String, tokens: Int) -> Context {
        let position = RecordPosition(source: "", topic: "", partition: 0, offset: 0)
        let document = Document(position: position, timestamp: 0, id: nil, source: nil, content: .text(text))
        let ids = Array(tokenizer.encode(text).prefix(max(tokens, 0)))
        return cutter.contexts(of: document, tokens: ids).first
            ?? Context(tokens: [], document: Hash128(high: 0, low: 0), timestamp: 0, source: nil)
    }

    fileprivate func read(
        _ contexts: [Context], _ forward: ForwardPass, _ encoder: EncodeWorker
    ) throws -> [ReadText] {
        let activations = try forward.activations(of: contexts.map(\.tokens))
        let codes = try encoder.encode(
            ActivationBatch(contexts: contexts, activations: activations), hookpoint: hookpoint.description,
            maskFirst: masksFirst)
        var row = 0
        return contexts.map { context in
            defer { row += context.tokens.count }
            // The token that every context begins with is no part of the text.
            let first = cutter.bos != nil && context.tokens.first == cutter.bos ? 1 : 0
            let places = context.tokens.indices.dropFirst(first)
            let ranges = places.map { codes.rowStarts[row + $0]..<codes.rowStarts[row + $0 + 1] }
            return ReadText(
                tokens: places.map { tokenizer.bytes(of: context.tokens[$0]) },
                latents: ranges.map { Array(codes.latents[$0]) },
                activations: ranges.map { Array(codes.activations[$0]) })
        }
    }
}
