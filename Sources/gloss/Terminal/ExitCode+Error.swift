import ArgumentParser
import Interchange
import Running
import Serving

extension ExitCode {
    /// The code for the error that ended a run (sysexits.h).
    init(endingWith error: any Error) {
        let code: Int32 =
            switch error {
            case let error as DaemonError: error.exitCode
            case let error as InterchangeError: error.exitCode
            case let error as ServingError: error.exitCode
            default: 70
            }
        self.init(code)
    }
}
