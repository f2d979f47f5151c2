internal import CVectorKernels

/// The CPU instructions that a set of vector kernels is compiled for.
public enum VectorInstructions: String, Sendable, Hashable, CaseIterable, Comparable {
    /// The instructions that the compiler's default target allows: SSE2 on x86-64, NEON on arm64.
    case baseline
    /// AVX2 with FMA and F16C, as Haswell and Zen have them.
    case avx2
    /// AVX-512 F, BW, VL and DQ, as Skylake-X has them.
    case avx512

    /// Whether this CPU and operating system support them, read from CPUID and XCR0.
    public var isSupported: Bool { gloss_supports(table) != 0 }

    var table: gloss_vector_instructions {
        switch self {
        case .baseline: GLOSS_BASELINE
        case .avx2: GLOSS_AVX2
        case .avx512: GLOSS_AVX512
        }
    }

    private var rank: Int {
        switch self {
        case .baseline: 0
        case .avx2: 1
        case .avx512: 2
        }
    }

    /// Orders by how much a kernel does at a time.
    public static func < (left: VectorInstructions, right: VectorInstructions) -> Bool { left.rank < right.rank }
}
