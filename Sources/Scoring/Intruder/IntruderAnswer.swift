/// Reads the number of the intruder out of a judge's answer.
enum IntruderAnswer {
    /// The place, from 0, of the window that an answer names.
    ///
    /// The answer's only number, or the only one of its last line that has any; `nil` if there is none, there are
    /// several, or it is not from 1 to `count`.
    static func place(in answer: String, count: Int) -> Int? {
        let lines = answer.split(whereSeparator: \.isNewline).map(numbers).filter { !$0.isEmpty }
        for numbers in [lines.flatMap { $0 }, lines.last ?? []] {
            let different = Set(numbers)
            if different.count == 1, let number = different.first, number >= 1, number <= count { return number - 1 }
        }
        return nil
    }

    private static func numbers(_ line: Substring) -> [Int] {
        line.split { !("0"..."9").contains($0) }.map { Int($0) ?? .max }
    }
}
