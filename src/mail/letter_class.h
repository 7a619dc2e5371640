#pragma once

namespace gatehouse::mail {

/// What letters to one recipient are counted by, so that one kind never uses up the budget of another.
enum class LetterClass { account, alert, invitation, notice, reset, security };

}  // namespace gatehouse::mail
