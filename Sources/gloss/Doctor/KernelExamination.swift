import LinearAlgebra

/// The kernel that multiplies matrices, and whether it does so correctly and as fast as this CPU allows.
enum KernelExamination {
    /// Findings of this process; blocks for some milliseconds.
    static func findings(environment: [String: String]) -> [Finding] {
        [kernel(environment: environment), product, speed(.measured())]
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

    /// Whether the instructions in use are as fast as those that do less at a time.
    private static func speed(_ rates: ProductRates) -> Finding {
        let slower = rates.slower.filter { $0.higher <= CPUKernel.current.vector }
        guard let lower = slower.map(\.lower).max() else {
            let panels = (rates.rates[.panels] ?? [:]).sorted { $0.key < $1.key }
            let figures = panels.map { "\($0.key.rawValue) \(Int((2 * $0.value / 1e9).rounded()))" }
            let text = "no instructions are slower than lower ones; GFLOP/s of a core by panels: "
            return Finding(.ok, "kernel speed", text + figures.joined(separator: ", "))
        }
        let texts = slower.map {
            """
            products by \($0.product.rawValue) under \($0.higher.rawValue) run at \(Int(($0.ratio * 100).rounded())) % of \
            their rate under \($0.lower.rawValue)
            """
        }
        let remedy = "set \(VectorInstructions.variable)=\(lower.rawValue)"
        return Finding(.warn, "kernel speed", texts.joined(separator: "; ") + ": " + remedy)
    }
}
