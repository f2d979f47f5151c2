/// Finds the ends of words.
protocol WordBoundaries {
    /// The end of the word that starts at an offset within the text; always greater than that offset.
    func end(of start: Int) -> Int
}
