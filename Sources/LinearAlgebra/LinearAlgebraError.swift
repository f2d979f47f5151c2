/// What can go wrong with the kernels.
public enum LinearAlgebraError: Error, Hashable, CustomStringConvertible {
    /// A matrix product differs from its definition.
    case wrongProduct(kernel: String, rows: Int, columns: Int, depth: Int, found: Double, expected: Double)
    /// The program could not be started again with a better kernel.
    case reexecutionFailed(reason: String)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .wrongProduct(let kernel, let rows, let columns, let depth, let found, let expected):
            """
            The matrix product of kernel \(kernel) is wrong: [\(rows), \(depth)] times [\(depth), \(columns)] gave \
            \(found), expected \(expected). Set OPENBLAS_CORETYPE=Haswell (or Nehalem), or install another OpenBLAS.
            """
        case .reexecutionFailed(let reason):
            """
            The program could not start itself again for a faster OpenBLAS kernel: \(reason). Set OPENBLAS_CORETYPE \
            before starting it.
            """
        }
    }
}
