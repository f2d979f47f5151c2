/// What is left of a number in 8 bits, on a scale no longer than 1.
func isRounded(_ kept: Double?, _ exact: Double?, scale: Double = 1) -> Bool {
    guard let kept, let exact else { return kept == nil && exact == nil }
    return abs(kept - exact) <= scale / 254
}
