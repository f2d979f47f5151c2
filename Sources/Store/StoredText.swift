extension String {
    /// The text with U+FFFD for NUL, at which SQLite would cut it off.
    var storable: String { utf8.contains(0) ? String(map { $0 == "\0" ? "\u{fffd}" : $0 }) : self }
}
