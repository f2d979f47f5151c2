package import Elements
import LinearAlgebra
package import Scoring

/// The meanings of the pool's windows, one for all latents.
package struct SemanticIndex: Sendable {
    /// `[windows, width]`: a vector of length 1 for each window.
    private let vectors: Matrix

    /// Takes the vectors of windows, in order.
    ///
    /// - Throws: `ScoringError` of kind `unsupported` if they are not all of one width.
    package init(_ embeddings: [TextEmbedding]) throws(ScoringError) {
        let width = embeddings.first?.vector.count ?? 0
        guard let vectors = Matrix(rows: embeddings.count, columns: width, values: embeddings.flatMap(\.vector)),
            embeddings.allSatisfy({ $0.vector.count == width })
        else { throw ScoringError(.unsupported, "the encoder gave vectors of several widths; give one that has one") }
        self.vectors = vectors
    }

    /// The bytes that its vectors take.
    package var residentBytes: Int { vectors.values.residentBytes }

    /// `[queries, windows]`: the cosine of each query with each window; no rows if a query has another width.
    package func similarities(of queries: [TextEmbedding]) -> Matrix {
        guard !queries.isEmpty, queries.allSatisfy({ $0.vector.count == vectors.columns }) else {
            return Matrix(rows: 0, columns: vectors.rows)
        }
        let flat = queries.flatMap(\.vector)
        var result = Matrix(rows: queries.count, columns: vectors.rows)
        result.values.withUnsafeMutableBufferPointer { out in
            vectors.values.withUnsafeBufferPointer { windows in
                flat.withUnsafeBufferPointer { queries in
                    guard let out = out.baseAddress, let windows = windows.baseAddress,
                        let asked = queries.baseAddress
                    else { return }
                    multiply(
                        asked, transposed: windows, into: out, rows: result.rows, columns: vectors.rows,
                        depth: vectors.columns)
                }
            }
        }
        return result
    }
}
