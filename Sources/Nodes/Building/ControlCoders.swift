import StateNotes
import Store

/// The nodes that give codes along random directions, so that their scores are controls.
enum ControlCoders {
    /// Records the nodes of a graph whose coder is random.
    static func note(in graph: Graph, notes: any NoteKeeper) throws {
        let names = graph.all((any GivesCodes).self).filter(\.isRandomControl).map(\.id)
        try RandomCoders.note.write(Set(names), to: notes)
    }
}
