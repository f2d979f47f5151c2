/// Elements that wait, first in first out; an element that has been taken is no longer held.
public struct WaitingLine<Element> {
    /// Those before `head` are `nil`: the values a job has captured may be large, and live as long as the job is held.
    private var elements: [Element?] = []
    private var head = 0

    /// Makes an empty line.
    public init() {}

    /// The number of elements that wait.
    public var count: Int { elements.count - head }

    /// Adds an element at the end.
    public mutating func append(_ element: Element) { elements.append(element) }

    /// Takes the element that has waited longest; `nil` if none waits.
    public mutating func take() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head]
        elements[head] = nil
        head += 1
        if head == elements.count {
            elements.removeAll(keepingCapacity: head <= 64)
            head = 0
        } else if head > 64, head * 2 > elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }
}

extension WaitingLine: Sendable where Element: Sendable {}
