import Elements
import TerminalText

extension Estimate {
    /// The value with its interval, such as `.52 [.43–.61]`.
    var text: String { FigureText.figure(value, lower, upper) }
}
