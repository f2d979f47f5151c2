public import Elements
import LinearAlgebra

/// Encodes activations with one coder, on one thread at a time, in memory that is reused.
///
/// The pre-activations of all tokens and latents never exist together: memory does not grow with tokens times latents. A
/// token's codes are the same bits whatever else is in the batch.
public final class EncodeWorker {
    /// The coder.
    public let coder: SparseCoder

    /// `[columns, d_in]`.
    private let inputs: FloatBuffer
    /// `[tile's latents, columns]`.
    private let products: FloatBuffer
    private let selection: any LatentSelection
    private var used: [Int] = []

    /// Makes a worker and its memory.
    public init(coder: SparseCoder) {
        self.coder = coder
        let columns = coder.tiling.maximumColumns
        inputs = FloatBuffer(count: columns * coder.inputWidth)
        products = FloatBuffer(count: columns * min(Tiling.tileLatents, coder.latents))
        selection = coder.parameters.activation.selection(maximumColumns: columns, latents: coder.latents)
    }

    /// The memory that the worker takes now, in bytes, apart from what it returns.
    ///
    /// If the number of active latents is not fixed, it is that for the most active
    /// 960 tokens so far, at twelve bytes for each active latent.
    public var byteCount: Int { 4 * (inputs.count + products.count) + selection.byteCount }

    /// The codes of `[tokens, d_in]` activations.
    ///
    /// Call it only from a thread that may block.
    ///
    /// - Parameters:
    ///   - input: The activations.
    ///   - masked: Per row, whether to leave it out: its codes are empty and its values are not looked at. Empty: none is.
    /// - Throws: `CoderError` if the width is wrong, a value is NaN or infinite, or more latents are active in a row than
    ///   `SparseCodes.mostActive(latents:)`.
    public func encode(_ input: Matrix, masked: [Bool] = []) throws(CoderError) -> SparseCodes {
        guard input.columns == coder.inputWidth else {
            throw .shape(
                what: "activations for \(coder.folder)", found: "width \(input.columns)",
                expected: "width \(coder.inputWidth)")
        }
        guard masked.isEmpty || masked.count == input.rows else {
            throw .shape(what: "mask", found: "\(masked.count) rows", expected: "\(input.rows) rows")
        }
        let rows = masked.isEmpty ? Array(0..<input.rows) : (0..<input.rows).filter { !masked[$0] }
        var codes = SparseCodes()
        var rest = rows[...]
        while !rest.isEmpty {
            let layout = coder.tiling.layout(tokens: rest.count)
            let taken = rest.prefix(layout.places.count)
            try encode(taken, of: input, in: layout, into: &codes)
            rest = rest.dropFirst(taken.count)
        }
        codes.endRows(upTo: input.rows)
        return codes
    }

    private func encode(
        _ rows: ArraySlice<Int>, of input: Matrix, in layout: Tiling.Layout, into codes: inout SparseCodes
    ) throws(CoderError) {
        try gather(rows, of: input, in: layout)
        selection.begin(columns: layout.columns, used: used)
        let parameters = coder.parameters
        parameters.encoderBias.withUnsafeBufferPointer { bias in
            guard let bias = bias.baseAddress else { return }
            for start in stride(from: 0, to: parameters.latents, by: Tiling.tileLatents) {
                let latents = start..<min(start + Tiling.tileLatents, parameters.latents)
                parameters.encoder.multiply(
                    inputs.pointer, latents: latents, into: products.pointer, columns: layout.columns,
                    inputWidth: parameters.inputWidth)
                selection.take(products.pointer, latents: latents, bias: bias)
            }
        }
        for (row, column) in zip(rows, layout.places) {
            codes.endRows(upTo: row)
            switch selection.finish(column: column, into: &codes) {
            case nil: break
            case .notFinite(let latent)?: throw .activationNotFinite(row: row, latent: latent)
            case .tooMany(let active, let most)?: throw .tooManyActive(row: row, active: active, most: most)
            }
        }
        if let last = rows.last { codes.endRows(upTo: last + 1) }
    }

    /// Copies rows to their places, normalized and centred if the coder wants it; all other places are zeros.
    private func gather(_ rows: ArraySlice<Int>, of input: Matrix, in layout: Tiling.Layout) throws(CoderError) {
        let width = coder.inputWidth
        used.removeAll(keepingCapacity: true)
        inputs.pointer.update(repeating: 0, count: layout.columns * width)
        try input.values.withUnsafeBufferPointer { values throws(CoderError) in
            for (row, place) in zip(rows, layout.places) {
                let source = UnsafeBufferPointer(rebasing: values[row * width..<(row + 1) * width])
                if let column = source.firstNotFinite() {
                    throw .inputNotFinite(row: row, column: column, value: "\(source[column])")
                }
                let target = inputs.pointer + place * width
                coder.parameters.normalization.apply(source, to: target)
                if let offset = coder.parameters.inputOffset {
                    for column in 0..<width { target[column] -= offset[column] }
                }
                used.append(place)
            }
        }
    }
}
