internal import COpenBLAS

/// Which kernels do the arithmetic: OpenBLAS' choice for matrix products, ours for the rest.
///
/// Two runs that name the same kernels on the same build of OpenBLAS compute the same bits.
public struct CPUKernel: Sendable, Hashable, CustomStringConvertible {
    /// The name of the CPU core whose kernels OpenBLAS runs, such as `Haswell` or `SkylakeX`.
    public let core: String
    /// The instructions of our vector kernels.
    public let vector: VectorInstructions

    /// Makes a value from its parts.
    public init(core: String, vector: VectorInstructions) {
        self.core = core
        self.vector = vector
    }

    /// The kernel that this process runs.
    public static let current = CPUKernel(
        core: openblas_get_corename().map { String(cString: $0) } ?? "unknown", vector: .best)

    /// OpenBLAS' version and build options, for reports.
    public static let library = openblas_get_config().map { String(cString: $0) } ?? "unknown"

    /// The core and the vector instructions, such as `Haswell+avx2`.
    public var description: String { "\(core)+\(vector.rawValue)" }

    /// What floats are computed with: the same for kernels that differ in products of integers only, which give the same bits.
    public var floats: CPUKernel { CPUKernel(core: core, vector: vector.floats) }

    /// The value that `OPENBLAS_CORETYPE` should have instead of being unset; `nil` if OpenBLAS chose well.
    ///
    /// A value set by the user is respected. OpenBLAS falls back to SSE kernels on a CPU it does not know, several times
    /// slower; the CPU's own word about its instructions does not age.
    public func betterCore(environment: [String: String]) -> String? {
        guard environment["OPENBLAS_CORETYPE", default: ""].isEmpty, let instructions = Self.instructions(of: core),
            instructions < vector.floats
        else { return nil }
        return switch vector {
        case .avx512, .avx512vnni: "SkylakeX"
        case .avx2, .avxvnni: "Haswell"
        case .baseline: nil
        }
    }

    /// The instructions that the kernels of an x86-64 core use; `nil` for other architectures' cores.
    private static func instructions(of core: String) -> VectorInstructions? {
        switch core.lowercased() {
        case "skylakex", "cooperlake", "sapphirerapids": .avx512
        case "haswell", "zen": .avx2
        case "prescott", "core2", "penryn", "dunnington", "atom", "nano", "nehalem", "sandybridge", "barcelona",
            "bobcat", "bulldozer", "piledriver", "steamroller", "excavator", "generic", "katmai", "coppermine",
            "northwood", "banias", "opteron", "opteron_sse3", "athlon":
            .baseline
        default: nil
        }
    }
}
