internal import Glibc

extension CPUKernel {
    /// Set in the environment of a process that was re-executed for a better kernel, so that it happens once.
    static let guardVariable = "GLOSS_KERNEL_CHOSEN"

    /// The variables to set before starting this program again; empty if nothing is to be gained by it.
    public func environmentChanges(environment: [String: String]) -> [String: String] {
        guard environment[Self.guardVariable] == nil, let core = betterCore(environment: environment) else {
            return [:]
        }
        return ["OPENBLAS_CORETYPE": core, Self.guardVariable: core]
    }

    /// Starts the program again with a better kernel, if one is known; returns if there is none.
    ///
    /// To be called first thing in `main`: OpenBLAS reads its variable when it is loaded. The process keeps its id,
    /// arguments and open files.
    ///
    /// - Throws: `LinearAlgebraError` if the program cannot be started again; the slow kernel still works.
    public static func reexecuteIfNeeded() throws(LinearAlgebraError) {
        let names = ["OPENBLAS_CORETYPE", guardVariable]
        var environment: [String: String] = [:]
        for name in names {
            if let value = getenv(name) { environment[name] = String(cString: value) }
        }
        let changes = current.environmentChanges(environment: environment)
        guard !changes.isEmpty else { return }
        try reexecute(settingVariables: changes)
    }

    /// Starts the program again with its arguments and some more variables; returns only by throwing.
    static func reexecute(settingVariables changes: [String: String]) throws(LinearAlgebraError) {
        for (name, value) in changes { setenv(name, value, 1) }
        execv("/proc/self/exe", CommandLine.unsafeArgv)
        let reason = String(cString: strerror(errno))
        for name in changes.keys { unsetenv(name) }
        throw .reexecutionFailed(reason: reason)
    }
}
