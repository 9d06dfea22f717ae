// Adds a checkbox that shows what is typed into the password field. It needs this script, so without scripts there is none.
const input = document.querySelector('input[data-show]')
const box = document.createElement('input')
box.type = 'checkbox'
box.id = 'show-password'
const label = document.createElement('label')
label.className = 'show-password'
label.append(box, input.dataset.show)
input.closest('.field').append(label)
const show = (isShown) => {
  box.checked = isShown
  input.type = isShown ? 'text' : 'password'
}
box.addEventListener('change', () => show(box.checked))
// Browsers may keep what is in a text field, to suggest it again.
input.form.addEventListener('submit', () => show(false))
