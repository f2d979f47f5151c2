internal import LinearAlgebra

extension KernelWork {
    /// Rounding, and laying rows out in panels.
    static func packing(_ buffers: KernelBuffers) -> [KernelWork] {
        let (a, c) = (buffers.a.pointer, buffers.c.pointer)
        let (rows, depth, width) = (192, buffers.hidden, 64)
        let packs = [MatrixFormat.f32, .f16, .q8_0, .q4_1, .q4_k, .q6_k].map { format in
            let matrix = buffers.matrix(format, rows: rows, depth: depth)
            return values("pack rows, \(rows) × \(depth), \(format)", rows * depth) { kernels in
                kernels.pack(
                    format, matrix, rowBytes: matrix.count / rows, rows: rows, depth: depth,
                    into: buffers.panels.pointer)
            }
        }
        return packs + [
            values("pack columns, 512 × \(width)", 512 * width) { kernels in
                kernels.pack(columns: a, stride: 320, columns: width, depth: 512, into: buffers.panels.pointer)
            },
            KernelWork(
                name: "round, \(buffers.rows) × \(depth)", unit: .values, amount: Double(buffers.rows * depth),
                prepare: { kernels in
                    buffers.rounded.reserve(rows: buffers.rows, depth: depth)
                    return { kernels.round(a, rows: 0..<buffers.rows, depth: depth, into: buffers.rounded) }
                }),
            values("add rows by weights, 64 × \(width)", 64 * width) { kernels in
                kernels.add(a, timesRows: buffers.b.pointer, count: 64, width: width, to: c)
            },
            values("dot product, \(depth)", depth) { kernels in
                c[0] = kernels.dot(a, buffers.b.pointer, count: depth)
            },
        ]
    }

    /// Norms, units, softmax and what else works on rows.
    static func rows(_ buffers: KernelBuffers) -> [KernelWork] {
        let (a, b, c) = (buffers.a.pointer, buffers.b.pointer, buffers.c.pointer)
        let (rows, width, hidden) = (64, buffers.width, buffers.hidden)
        return [
            values("root mean square norm, \(rows) × \(width)", rows * width) { kernels in
                kernels.rootMeanSquareNorm(a, weight: b, into: c, rows: rows, width: width, epsilon: 1e-5)
            },
            values("layer norm, \(rows) × \(width)", rows * width) { kernels in
                kernels.layerNorm(a, weight: b, bias: b, into: c, rows: rows, width: width, epsilon: 1e-5)
            },
            values("silu gate, \(rows) × \(hidden)", rows * hidden) { kernels in
                kernels.siluMultiply(a, into: c, rows: rows, width: hidden)
            },
            values("gelu tanh gate, \(rows) × \(hidden)", rows * hidden) { kernels in
                kernels.geluTanhMultiply(a, into: c, rows: rows, width: hidden)
            },
            values("gelu gate, \(rows) × \(hidden)", rows * hidden) { kernels in
                kernels.geluMultiply(a, into: c, rows: rows, width: hidden)
            },
            values("causal softmax, \(rows) × 512", rows * 480) { kernels in
                c.update(from: a, count: rows * 512)
                kernels.causalSoftmax(c, stride: 512, rows: rows, columns: 512, visible: 448, scale: 1)
            },
            values("soft cap, \(rows) × 512", rows * 512) { kernels in
                kernels.softCap(c, stride: 512, rows: rows, columns: 512, scale: 1, cap: 30)
            },
            values("rotation, \(width)", width) { kernels in
                kernels.rotate(c, heads: width / 64, headWidth: 64, half: 32, cosines: a, sines: b)
            },
            values("maximum, 49,152", 49_152) { kernels in c[0] = kernels.maximum(a, count: 49_152) },
            values("sum of exponentials, 49,152", 49_152) { kernels in
                c[0] = Float(kernels.logSumExp(a, count: 49_152))
            },
        ]
    }

    /// Work that counts values and needs nothing made ready.
    private static func values(_ name: String, _ amount: Int, _ work: @escaping (VectorKernels) -> Void) -> KernelWork {
        KernelWork(name: name, unit: .values, amount: Double(amount), prepare: { kernels in { work(kernels) } })
    }
}
