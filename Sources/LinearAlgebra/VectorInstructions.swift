internal import CVectorKernels

/// The CPU instructions that a set of vector kernels is compiled for, in the order of how much a kernel does at a time.
public enum VectorInstructions: String, Sendable, Hashable, CaseIterable, Comparable {
    /// The instructions that the compiler's default target allows: SSE2 on x86-64, NEON on arm64.
    case baseline
    /// AVX2 with FMA and F16C, as Haswell and Zen have them.
    case avx2
    /// Those of `avx2`, and VNNI's products of bytes in 256 bits, as Alder Lake has them.
    case avxvnni
    /// AVX-512 F, BW, VL and DQ, as Skylake-X has them.
    case avx512
    /// Those of `avx512`, and VNNI's products of bytes in 512 bits, as Cascade Lake and Zen 4 have them.
    case avx512vnni

    /// Whether this CPU and operating system support them, read from CPUID and XCR0.
    public var isSupported: Bool { gloss_supports(table) != 0 }

    /// Those that this CPU and operating system support, the lowest first.
    public static let available = allCases.filter(\.isSupported)

    /// The instructions that kernels of floats use: sets that differ in products of integers only give floats the same bits.
    public var floats: VectorInstructions {
        switch self {
        case .baseline, .avx2, .avx512: self
        case .avxvnni: .avx2
        case .avx512vnni: .avx512
        }
    }

    var table: gloss_vector_instructions {
        switch self {
        case .baseline: GLOSS_BASELINE
        case .avx2: GLOSS_AVX2
        case .avxvnni: GLOSS_AVXVNNI
        case .avx512: GLOSS_AVX512
        case .avx512vnni: GLOSS_AVX512VNNI
        }
    }

    private var rank: UInt32 { table.rawValue }

    /// Orders by how much a kernel does at a time.
    public static func < (left: VectorInstructions, right: VectorInstructions) -> Bool { left.rank < right.rank }
}
