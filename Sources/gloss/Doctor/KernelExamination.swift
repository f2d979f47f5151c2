import LinearAlgebra

/// The kernel that multiplies matrices, and whether it does so correctly and as fast as this CPU allows.
enum KernelExamination {
    /// Findings of this process; blocks for some milliseconds.
    static func findings(environment: [String: String]) -> [Finding] {
        [kernel(environment: environment), product]
    }

    private static func kernel(environment: [String: String]) -> Finding {
        let kernel = CPUKernel.current
        let forced = environment["OPENBLAS_CORETYPE"].flatMap { $0.isEmpty ? nil : $0 }
        let origin = forced.map { "by OPENBLAS_CORETYPE=\($0)" } ?? "OpenBLAS' own choice"
        let found = "\(kernel) (\(origin)); \(CPUKernel.library)"
        // Asked as if the variable were unset, since a core set by hand may be a slow one too.
        if let better = kernel.betterCore(environment: [:]) {
            return Finding(.warn, "kernel", "\(found): a slow one for this CPU; set OPENBLAS_CORETYPE=\(better)")
        }
        return Finding(.ok, "kernel", found)
    }

    private static var product: Finding {
        do {
            try CPUKernel.check()
            return Finding(.ok, "matrix product", "agrees with one done by definition")
        } catch {
            return Finding(.fail, "matrix product", error.description)
        }
    }
}
