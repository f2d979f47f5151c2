internal import Glibc

extension VectorInstructions {
    /// The environment variable that names the instructions to use, so that results can be compared between machines.
    public static let variable = "GLOSS_KERNELS"

    /// The best of those that this CPU and operating system support, read from CPUID and XCR0.
    public static let fastest: VectorInstructions = available.last ?? .baseline

    /// Those that the environment names; the fastest if it names none, or none that this CPU has.
    public static let best: VectorInstructions = {
        let name = getenv(variable).map { String(cString: $0) }
        return (try? chosen(named: name)) ?? fastest
    }()

    /// The instructions of a name, such as `avx2`; the fastest of those that are there without one.
    ///
    /// - Throws: `LinearAlgebraError` if there are none of that name, or they are not there.
    public static func chosen(
        named name: String?, of available: [VectorInstructions] = available
    ) throws(LinearAlgebraError) -> VectorInstructions {
        let fastest = available.max() ?? .baseline
        guard let name, !name.isEmpty else { return fastest }
        guard let instructions = VectorInstructions(rawValue: name) else { throw .unknownKernels(name: name) }
        guard available.contains(instructions) else {
            throw .missingInstructions(name: name, fastest: fastest.rawValue)
        }
        return instructions
    }
}
