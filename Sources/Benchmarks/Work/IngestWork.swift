internal import Dataflow
internal import Elements
internal import Evidence
internal import Hashing
internal import LanguageModels
internal import SparseCoders
internal import Synchronization
internal import Tokenization

/// Documents as they are, to the reservoir: text, tokens, contexts, forward pass to the hookpoint, codes, samples.
///
/// The reservoir is empty at the start of every round, which is when most of what it sees is kept.
enum IngestWork {
    private struct Worker {
        let forward: ForwardPass
        let encoder: EncodeWorker
    }

    /// The approximate number of tokens of a batch; each thread gets `batchesPerThread` batches.
    private static let tokensPerBatch = 1024
    private static let batchesPerThread = 3

    static func trial(_ inputs: BenchmarkInputs) throws -> Trial {
        let threads = inputs.settings.threads
        let (model, coder, hookpoint) = (try inputs.model, try inputs.coder, try inputs.hookpoint)
        let mode = model.batchMode()
        let (tokenizer, seconds) = (try inputs.tokenizer, inputs.seconds)
        let cutter = ContextCutter(length: inputs.settings.context, bos: tokenizer.bosToken)
        @Sendable func contexts(of document: Document) -> [Context] {
            guard case .text(let text) = document.content else { return [] }
            return cutter.contexts(of: document, tokens: tokenizer.encode(text))
        }
        let (documents, lengths) = try documents(
            inputs.settings.texts, tokens: threads * batchesPerThread * tokensPerBatch
        ) { contexts(of: $0).map(\.tokens.count) }
        let count = lengths.reduce(0, +)
        let pool = ComputePool(name: "ingest", threads: threads) {
            Worker(
                forward: try ForwardPass(model: model, hookpoints: [hookpoint], mode: mode),
                encoder: EncodeWorker(coder: coder))
        }
        let settings = try ReservoirSettings(seed: 7)
        let identity = coder.identity(name: "codes", hookpoint: hookpoint.description)
        return Trial(
            title: "ingest to \(hookpoint), contexts of \(count / lengths.count)", baseline: .atPeak,
            cost: try cost(of: lengths, inputs)
        ) {
            let cut = Mutex<[[Context]]>(Array(repeating: [], count: documents.count))
            let tokenising = documents.indices.map { index in
                { @Sendable (_: Worker) in
                    let found = contexts(of: documents[index])
                    cut.withLock { $0[index] = found }
                }
            }
            var passed = try await seconds.of(threads: threads, on: pool, tokenising)
            let reservoir = Mutex(Reservoir(settings: settings, coder: identity))
            let jobs = batches(of: cut.withLock { $0.flatMap { $0 } }).map { batch in
                { @Sendable (worker: Worker) in
                    let activations = try worker.forward.activations(of: batch.map(\.tokens))
                    let codes = try worker.encoder.encode(
                        ActivationBatch(contexts: batch, activations: activations),
                        hookpoint: hookpoint.description, maskFirst: true)
                    try reservoir.withLock { try $0.absorb(codes) }
                }
            }
            passed += try await seconds.of(threads: threads, on: pool, jobs)
            return Double(count) / passed
        }
    }

    /// The average cost of a token, counted for the contexts that there are: shorter ones take less attention.
    private static func cost(
        of lengths: [Int], _ inputs: BenchmarkInputs
    ) throws(BenchmarkError) -> Roofline.Cost {
        let (work, coder) = (try inputs.work, try inputs.coder)
        let blocks = try inputs.hookpoint.block + 1
        let tokens = Double(lengths.reduce(0, +))
        let encoding = ModelWork.encoding(width: coder.inputWidth, latents: coder.latents)
        let operations = lengths.reduce(0) { sum, length in
            sum + Double(length) * (work.perToken(blocks: blocks, context: length) + encoding)
        }
        return Roofline.Cost(
            operations: operations / tokens,
            bytes: 4 * Double(work.blockParameters * blocks * lengths.count) / tokens)
    }

    /// The first documents that have `tokens` tokens together, and the lengths of their contexts.
    private static func documents(
        _ texts: [String], tokens: Int, lengths: (Document) -> [Int]
    ) throws(BenchmarkError) -> ([Document], [Int]) {
        var documents: [Document] = []
        var found: [Int] = []
        var count = 0
        for (offset, text) in texts.enumerated() where count < tokens {
            let position = RecordPosition(source: "bench", topic: "corpus", partition: 0, offset: Int64(offset))
            let document = Document(position: position, timestamp: 0, id: nil, source: nil, content: .text(text))
            documents.append(document)
            let more = lengths(document)
            found += more
            count += more.reduce(0, +)
        }
        guard count > 0 else { throw .tooFewTokens(found: 0, needed: 1) }
        return (documents, found)
    }

    private static func batches(of contexts: [Context]) -> [[Context]] {
        var batches: [[Context]] = []
        var tokens = 0
        for context in contexts {
            if batches.isEmpty || tokens + context.tokens.count > tokensPerBatch {
                batches.append([])
                tokens = 0
            }
            batches[batches.count - 1].append(context)
            tokens += context.tokens.count
        }
        return batches
    }
}
