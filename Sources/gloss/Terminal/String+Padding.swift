extension String {
    /// The text and as many blanks as make it so wide.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
