internal import LinearAlgebra

extension KernelWork {
    /// Products of floats, each beside OpenBLAS' of the same size.
    static func products(_ buffers: KernelBuffers) -> [KernelWork] {
        let (a, b, c) = (buffers.a.pointer, buffers.b.pointer, buffers.c.pointer)
        func sgemm(rows: Int, columns: Int, depth: Int) -> () -> Void {
            { multiply(a, transposed: b, into: c, rows: rows, columns: columns, depth: depth) }
        }
        let panels = [(buffers.rows, 192, buffers.hidden), (24, 256, 64)].map { rows, columns, depth in
            KernelWork(
                name: "panels, \(rows) rows, \(columns) × \(depth)", unit: .operations,
                amount: 2 * Double(rows * columns * depth),
                prepare: { kernels in
                    let panels = buffers.panels.pointer
                    return {
                        kernels.pack(.f32, b, rowBytes: 4 * depth, rows: columns, depth: depth, into: panels)
                        kernels.multiply(
                            a, stride: depth, panels: panels, packedDepth: depth, into: c, stride: columns, rows: rows,
                            columns: columns, depth: depth)
                    }
                }, sgemm: sgemm(rows: rows, columns: columns, depth: depth))
        }
        let columns = [(MatrixFormat.f32, 1), (.f32, 8), (.q8_0, 1), (.q8_0, 8), (.q4_1, 1), (.q4_k, 1)]
            .map { format, vectors in
                let (rows, depth) = (192, buffers.hidden)
                let matrix = buffers.matrix(format, rows: rows, depth: depth)
                return KernelWork(
                    name: "columns, \(vectors) of \(rows) × \(depth), \(format)", unit: .operations,
                    amount: 2 * Double(vectors * rows * depth),
                    prepare: { kernels in
                        {
                            kernels.multiply(
                                format, matrix, columns: a, stride: depth, count: vectors, into: c, stride: rows,
                                rows: rows, depth: depth)
                        }
                    }, sgemm: sgemm(rows: vectors, columns: rows, depth: depth))
            }
        return panels + columns
    }

    /// Products of quantised weights with rounded rows, beside OpenBLAS' of floats of the same size.
    static func roundedProducts(_ buffers: KernelBuffers) -> [KernelWork] {
        let (a, b, c, rounded) = (buffers.a.pointer, buffers.b.pointer, buffers.c.pointer, buffers.rounded)
        let (rows, depth) = (192, buffers.hidden)
        let shapes = MatrixFormat.allCases.filter(\.hasIntegerProduct).flatMap { format in
            (format == .q4_1 ? [1, 8, buffers.rows] : [8, buffers.rows]).map { (format, $0) }
        }
        return shapes.map { format, count in
            let matrix = buffers.matrix(format, rows: rows, depth: depth)
            return KernelWork(
                name: "rounded, \(count) rows, \(rows) × \(depth), \(format)", unit: .operations,
                amount: 2 * Double(count * rows * depth),
                prepare: { kernels in
                    rounded.reserve(rows: buffers.rows, depth: depth)
                    kernels.round(a, rows: 0..<buffers.rows, depth: depth, into: rounded)
                    return {
                        kernels.multiply(
                            format, matrix, rowBytes: matrix.count / rows, by: rounded, count: count, into: c,
                            stride: rows, rows: rows, depth: depth)
                    }
                },
                sgemm: { multiply(a, transposed: b, into: c, rows: count, columns: rows, depth: depth) })
        }
    }
}
