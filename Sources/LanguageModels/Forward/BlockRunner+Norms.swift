internal import Glibc
internal import LinearAlgebra

extension BlockRunner {
    /// The number of multiplications that take as long as normalising one value.
    private static var normMultiplications: Int { 8 }

    /// A normalisation of rows of the residual stream, if there is one, into `scratch.normalized`.
    func normalize(_ residual: UnsafePointer<Float>, with norm: Norm?, rows: Int) {
        normalize(residual, with: norm, into: scratch.normalized.pointer, rows: rows)
    }

    /// A normalisation of `[rows, width]`, or a copy if there is none; `out` may be `x`.
    func normalize(
        _ x: UnsafePointer<Float>, with norm: Norm?, into out: UnsafeMutablePointer<Float>, rows: Int
    ) {
        guard let norm else {
            if out != x { out.update(from: x, count: rows * configuration.width) }
            return
        }
        normalize(x, weight: norm.weight.pointer, bias: norm.bias?.pointer, into: out, rows: rows)
    }

    /// A normalisation of rows of the residual stream without the weight and bias of a norm, into `scratch.plain`; a copy if there is none.
    func normalizePlainly(_ residual: UnsafePointer<Float>, like norm: Norm?, rows: Int) {
        scratch.reservePlain()
        guard let norm else { return normalize(residual, with: nil, into: scratch.plain.pointer, rows: rows) }
        normalize(
            residual, weight: UnsafePointer(ones.pointer), bias: norm.bias == nil ? nil : UnsafePointer(zeros.pointer),
            into: scratch.plain.pointer, rows: rows)
    }

    /// Applies the weight and bias of a norm to rows of `scratch.plain`, into the same rows of `scratch.normalized`.
    ///
    /// Rows that are still as they were in `before`, `[rows, width]`, are left: the norm's own kernel may round otherwise.
    func applyGain(of norm: Norm?, rows: Range<Int>, unless before: [Float]) {
        let width = configuration.width
        for (index, row) in rows.enumerated() {
            let (plain, out) = (scratch.plain.pointer + row * width, scratch.normalized.pointer + row * width)
            let isChanged = (0..<width).contains { plain[$0].bitPattern != before[index * width + $0].bitPattern }
            guard isChanged else { continue }
            for column in 0..<width {
                let gained = norm.map { plain[column] * $0.weight.pointer[column] + ($0.bias?.pointer[column] ?? 0) }
                out[column] = gained ?? plain[column]
            }
        }
    }

    private func normalize(
        _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
        into out: UnsafeMutablePointer<Float>, rows: Int
    ) {
        let (kernels, width, epsilon) = (kernels, configuration.width, configuration.normEpsilon)
        workspace.share(rows: rows, width: width, multiplicationsEach: Self.normMultiplications) { rows in
            let start = rows.lowerBound * width
            if let bias {
                kernels.layerNorm(
                    x + start, weight: weight, bias: bias, into: out + start, rows: rows.count, width: width,
                    epsilon: epsilon)
            } else {
                kernels.rootMeanSquareNorm(
                    x + start, weight: weight, into: out + start, rows: rows.count, width: width, epsilon: epsilon)
            }
        }
    }

    /// The norm after a module, on `scratch.output`, if the model has one.
    func normalizeOutput(with norm: Norm?, rows: Int) {
        guard let norm else { return }
        normalize(scratch.output.pointer, with: norm, into: scratch.output.pointer, rows: rows)
    }

    /// Adds `scratch.output` to the residual stream and normalises the sum, if there is a norm, in one walk; `out` may be `residual`.
    func addOutput(
        to residual: UnsafeMutablePointer<Float>, thenNormalizeWith norm: Norm?,
        into out: UnsafeMutablePointer<Float>, rows: Int
    ) {
        let (kernels, width, epsilon) = (kernels, configuration.width, configuration.normEpsilon)
        guard let norm else {
            addOutput(to: residual, rows: rows)
            return normalize(residual, with: nil, into: out, rows: rows)
        }
        let output = scratch.output.pointer
        workspace.share(rows: rows, width: width, multiplicationsEach: 2 * Self.normMultiplications) { rows in
            let start = rows.lowerBound * width
            if let bias = norm.bias {
                kernels.addLayerNorm(
                    output + start, to: residual + start, weight: norm.weight.pointer, bias: bias.pointer,
                    into: out + start, rows: rows.count, width: width, epsilon: epsilon)
            } else {
                kernels.addRootMeanSquareNorm(
                    output + start, to: residual + start, weight: norm.weight.pointer, into: out + start,
                    rows: rows.count, width: width, epsilon: epsilon)
            }
        }
    }

    /// Keeps logits, `[rows, vocabulary]`, within the model's bound, if it has one.
    func capLogits(_ logits: UnsafeMutablePointer<Float>, rows: Int) {
        guard let cap = configuration.logitCap else { return }
        let columns = configuration.vocabulary
        kernels.softCap(logits, stride: columns, rows: rows, columns: columns, scale: 1, cap: cap)
    }
}

extension VectorKernels {
    /// The function of a feed-forward layer on `[rows, width]`, or on `[rows, 2 · width]` with a gate, into `[rows, width]`.
    func activate(
        _ activation: Activation, isGated: Bool, _ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>,
        rows: Int, width: Int
    ) {
        switch (activation, isGated) {
        case (.silu, true): siluMultiply(x, into: out, rows: rows, width: width)
        case (.geluTanh, true): geluTanhMultiply(x, into: out, rows: rows, width: width)
        case (.gelu, true): geluMultiply(x, into: out, rows: rows, width: width)
        case (.silu, false): silu(x, into: out, count: rows * width)
        case (.geluTanh, false): geluTanh(x, into: out, count: rows * width)
        case (.gelu, false): gelu(x, into: out, count: rows * width)
        case (.clamped(let slope, let limit), _):
            for row in 0..<rows {
                let (gate, up) = (x + row * 2 * width, x + row * 2 * width + width)
                for column in 0..<width {
                    let value = min(gate[column], limit)
                    out[row * width + column] =
                        (min(max(up[column], -limit), limit) + 1) * value / (1 + exp(-slope * value))
                }
            }
        }
    }
}
