/// An error of the kernels.
public enum LinearAlgebraError: Error, Hashable, CustomStringConvertible {
    /// A matrix product differs from its definition.
    case wrongProduct(kernel: String, rows: Int, columns: Int, depth: Int, found: Double, expected: Double)
    /// The program could not be started again with a better kernel.
    case reexecutionFailed(reason: String)
    /// The environment names vector kernels that do not exist.
    case unknownKernels(name: String)
    /// The environment names vector kernels whose instructions this CPU lacks.
    case missingInstructions(name: String, fastest: String)

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
        case .unknownKernels(let name):
            """
            GLOSS_KERNELS=\(name) names no vector kernels. Set it to \
            \(VectorInstructions.allCases.reversed().dropLast().map(\.rawValue).joined(separator: ", ")) or baseline, or \
            unset it for the fastest that this CPU has.
            """
        case .missingInstructions(let name, let fastest):
            """
            GLOSS_KERNELS=\(name) needs instructions that this CPU or operating system lacks. The fastest here is \
            \(fastest); set that, or unset the variable.
            """
        }
    }
}
