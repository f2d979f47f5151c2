public import Elements
public import SparseCoders

/// The rows of one matrix of a coder, read in blocks.
public struct DirectionRows: Sendable {
    /// How many rows: one a latent.
    public let count: Int
    /// The length of a row.
    public let width: Int
    let read: @Sendable (Range<Int>) throws -> Matrix

    /// Makes rows from what reads some of them as `[range.count, width]`.
    public init(count: Int, width: Int, read: @escaping @Sendable (Range<Int>) throws -> Matrix) {
        self.count = count
        self.width = width
        self.read = read
    }
}

/// The parts of a coder that are compared: where each latent writes to and what it reads.
public struct LatentDirections: Sendable {
    /// The coder's name, for messages.
    public let name: String
    /// The number of latents.
    public let latents: Int
    /// The vector that each latent adds to the output, `[latents, d_out]`.
    public let decoder: DirectionRows
    /// The direction in the input that each latent looks for, `[latents, d_in]`.
    public let encoder: DirectionRows

    /// Makes directions from rows; both have one row a latent.
    public init(name: String, decoder: DirectionRows, encoder: DirectionRows) {
        self.name = name
        latents = min(decoder.count, encoder.count)
        self.decoder = decoder
        self.encoder = encoder
    }

    /// The directions of a coder's latents.
    public init(_ coder: SparseCoder) {
        self.init(
            name: coder.folder,
            decoder: DirectionRows(count: coder.latents, width: coder.outputWidth) { try coder.decoderRows($0) },
            encoder: DirectionRows(count: coder.latents, width: coder.inputWidth) { try coder.encoderRows($0) })
    }
}
