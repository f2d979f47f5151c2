public import Hashing
internal import LinearAlgebra
internal import WeightFiles

/// An encoder of sentences such as all-MiniLM-L6-v2: texts of like meaning have vectors of like direction.
///
/// The vector is the mean of BERT's last activations over all tokens, scaled to length 1. Shared by all threads that use it.
/// Source: Reimers and Gurevych, arXiv 1908.10084.
public final class SentenceEncoder: Sendable {
    /// The approximate number of tokens of the sentences that share a walk over the blocks.
    private static let rowsAtOnce = 512

    /// The sizes of the model.
    public let configuration: ModelConfiguration
    /// The number of values in a vector.
    public var width: Int { configuration.width }
    /// A hash of its settings and of every byte of its weights.
    public let digest: Hash128
    /// The most tokens that a sentence may have, the special ones included; cut longer ones.
    public let maximumTokens: Int

    private let embedding: Tensor
    private let positions: WeightMatrix
    private let part: WeightVector
    private let embeddingNorm: Norm
    private let blocks: [Block]
    private let mode: BatchMode

    /// Opens a Hugging Face folder with `config.json` and safetensors of a BERT model and expands its weights.
    ///
    /// `sentence_bert_config.json` may say how many tokens a sentence has at most. Throws if the folder is of another
    /// architecture, a tensor is missing, unknown, of a wrong shape or not finite, or a setting asks for what is not
    /// built.
    public init(folder: String) throws(ModelError) {
        let files = try ModelFiles(folder: folder)
        guard BERT.names.contains(files.architecture) else {
            throw .unknownArchitecture(name: files.architecture, file: files.settingsFile, known: BERT.names)
        }
        configuration = try BERT.configuration(of: files)
        let stored = try BERT.weights(in: files, configuration)
        try Architectures.checkAllUsed(stored, in: files, BERT.self)
        guard let positions = stored.positions else {
            throw .missingTensor(name: "position_embeddings.weight", file: files.path)
        }
        embedding = stored.embedding
        self.positions = try WeightMatrix(StoredMatrix(positions))
        // All sentences have one part: the first of the embeddings of parts is added everywhere.
        part = try WeightVector(StoredVector(try BERT.partEmbeddings(in: files, configuration)))
        embeddingNorm = try Norm(stored.finalNorm)
        var blocks: [Block] = []
        for block in stored.blocks { blocks.append(try Block(block)) }
        self.blocks = blocks
        mode = configuration.batchMode()
        digest = files.digest()
        maximumTokens = try SentenceSettings.maximumTokens(folder: folder, positions: configuration.maximumContext)
    }

    /// The vectors of sentences, each of its token ids with the special tokens: `[contexts, width]`, row-major, length 1.
    ///
    /// Throws if a sentence has no tokens or more than `maximumTokens`, or an id is not of the vocabulary.
    public func encode(_ contexts: [[Int32]]) throws(ModelError) -> [Float] {
        for (index, context) in contexts.enumerated() { try check(context, index) }
        var vectors = [Float](repeating: 0, count: contexts.count * width)
        let worker = Worker(configuration)
        for group in ContextGroup.groups(lengths: contexts.map(\.count), mode: mode, target: Self.rowsAtOnce) {
            try run(group, contexts[group.contexts], worker)
            let spans = group.units.flatMap { unit in
                unit.contexts.map { ContextGroup.Span(start: unit.start + $0.start, count: $0.count) }
            }
            for (context, span) in zip(group.contexts, spans) {
                vectors.withUnsafeMutableBufferPointer { all in
                    pool(worker.rows.pointer + span.start * width, count: span.count, into: all, at: context * width)
                }
            }
        }
        return vectors
    }

    private func check(_ context: [Int32], _ index: Int) throws(ModelError) {
        guard !context.isEmpty else { throw .noTokens }
        guard context.count <= maximumTokens else {
            throw .contextTooLong(tokens: context.count, maximum: maximumTokens)
        }
        for (position, token) in context.enumerated() {
            guard token < 0 || Int(token) >= configuration.vocabulary else { continue }
            throw .tokenOutOfRange(
                token: UInt32(bitPattern: token), context: index, position: position,
                vocabulary: configuration.vocabulary)
        }
    }

    /// The memory of one call.
    private final class Worker {
        let runner: BlockRunner
        var rows = FloatBuffer(count: 0)

        init(_ configuration: ModelConfiguration) {
            runner = BlockRunner(configuration)
        }
    }

    /// Runs the sentences of one group through all blocks; their last activations are in the worker's rows.
    private func run(
        _ group: ContextGroup, _ contexts: ArraySlice<[Int32]>, _ worker: Worker
    ) throws(ModelError) {
        let runner = worker.runner
        let count = group.rows * width
        if worker.rows.count < count { worker.rows = FloatBuffer(count: count) }
        let rows = worker.rows.pointer
        rows.update(repeating: 0, count: count)
        runner.scratch.reserve(rows: group.units.reduce(0) { max($0, $1.rows) }, scores: 0)
        var row = rows
        for context in contexts {
            for (position, token) in context.enumerated() {
                try embedding.readFinite(rows: Int(token)..<Int(token) + 1, into: row)
                runner.kernels.add(1, times: part.pointer, to: row, count: width)
                runner.kernels.add(1, times: positions.pointer + position * width, to: row, count: width)
                row += width
            }
        }
        runner.normalize(rows, with: embeddingNorm, into: rows, rows: group.rows)
        for block in blocks {
            for unit in group.units { runner.encode(block, unit, rows + unit.start * width) }
        }
    }

    /// The mean of rows, scaled to length 1.
    private func pool(
        _ rows: UnsafePointer<Float>, count: Int, into vectors: UnsafeMutableBufferPointer<Float>, at start: Int
    ) {
        guard let vector = vectors.baseAddress.map({ $0 + start }) else { return }
        let kernels = VectorKernels.best
        for row in 0..<count { kernels.add(1, times: rows + row * width, to: vector, count: width) }
        let length = kernels.dot(vector, vector, count: width).squareRoot()
        guard length > 0 else { return }
        for column in 0..<width { vector[column] /= length }
    }
}
