import Dispatch
import Foundation

/// Leaves and enters a screen as signals ask for it.
///
/// SIGKILL cannot be caught: after it the terminal stays as it was, and `reset` puts it back.
final class ScreenSignals {
    private var sources: [any DispatchSourceSignal] = []

    /// - Parameter changed: Called when the screen has to be drawn anew: its size is another, or it was entered again.
    init(_ screen: Screen, changed: @escaping @Sendable () -> Void) {
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
            on(number) {
                screen.leave()
                _exit(128 + number)
            }
        }
        on(SIGTSTP) {
            screen.leave()
            kill(getpid(), SIGSTOP)
        }
        on(SIGCONT) {
            screen.enter()
            changed()
        }
        on(SIGWINCH, changed)
    }

    /// Lets signals do nothing here any more.
    func cancel() { for source in sources { source.cancel() } }

    private func on(_ number: Int32, _ action: @escaping @Sendable () -> Void) {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler(handler: action)
        source.resume()
        sources.append(source)
    }
}
