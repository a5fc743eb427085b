<?php
/**
 * What fill.php and change.php share: WordPress itself, and how a record of the truth becomes a post.
 * SITE_ROOT and SITE_URL say where the site is.
 */
$_SERVER['HTTP_HOST'] = parse_url(getenv('SITE_URL'), PHP_URL_HOST) . ':' . parse_url(getenv('SITE_URL'), PHP_URL_PORT);
require getenv('SITE_ROOT') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/taxonomy.php';
require_once ABSPATH . 'wp-admin/includes/image.php';

/** One post or page; the state decides status and secrets. */
function insert(array $record, array &$category_ids): int
{
    $statuses = ['protected' => 'publish', 'trash' => 'publish', 'noindex' => 'publish'];
    $published = new DateTimeImmutable($record['published']);
    $id = wp_insert_post([
        'post_type' => $record['kind'],
        'post_status' => $statuses[$record['state']] ?? $record['state'],
        'post_title' => $record['title'],
        'post_content' => blocks($record),
        'post_date' => $published->setTimezone(new DateTimeZone('Europe/Paris'))->format('Y-m-d H:i:s'),
        'post_date_gmt' => $published->setTimezone(new DateTimeZone('UTC'))->format('Y-m-d H:i:s'),
        'post_author' => 1,
        'post_password' => $record['state'] === 'protected' ? 'sésame' : '',
        'post_category' => $record['category'] ? [category($record['category'], $category_ids)] : [],
        'meta_input' => ['lang' => $record['lang']] + ($record['state'] === 'noindex' ? ['noindex' => '1'] : []),
    ], true);
    if (is_wp_error($id)) {
        fwrite(STDERR, $record['key'] . ': ' . $id->get_error_message() . "\n");
        exit(1);
    }
    // wp_update_post would write the time of now
    global $wpdb;
    $modified = new DateTimeImmutable($record['modified']);
    $wpdb->update($wpdb->posts, [
        'post_modified' => $modified->setTimezone(new DateTimeZone('Europe/Paris'))->format('Y-m-d H:i:s'),
        'post_modified_gmt' => $modified->setTimezone(new DateTimeZone('UTC'))->format('Y-m-d H:i:s'),
    ], ['ID' => $id]);
    clean_post_cache($id);
    return $id;
}

/** Paragraphs as the block editor writes them; one of them as a list where the record says so. */
function blocks(array $record): string
{
    $out = [];
    foreach ($record['paragraphs'] as $number => $text) {
        $text = esc_html($text);
        $out[] = $record['list'] && $number === 1
            ? "<!-- wp:list -->\n<ul><li>$text</li></ul>\n<!-- /wp:list -->"
            : "<!-- wp:paragraph -->\n<p>$text</p>\n<!-- /wp:paragraph -->";
    }
    return implode("\n\n", $out);
}

function category(string $name, array &$known): int
{
    return $known[$name] ??= wp_create_category($name);
}

/** A picture of its own for the post, with an attachment page. */
function attach_image(int $post, array $record): int
{
    $picture = imagecreatetruecolor(40, 30);
    imagefill($picture, 0, 0, imagecolorallocate($picture, $post % 255, 90, 120));
    ob_start();
    imagepng($picture);
    $upload = wp_upload_bits("photo-$post.png", null, ob_get_clean());
    $id = wp_insert_attachment([
        'post_title' => 'photo-' . $post, 'post_mime_type' => 'image/png', 'post_status' => 'inherit', 'guid' => $upload['url'],
    ], $upload['file'], $post);
    update_post_meta($id, '_wp_attachment_image_alt', 'Une salle de classe');
    wp_update_attachment_metadata($id, wp_generate_attachment_metadata($id, $upload['file']));
    set_post_thumbnail($post, $id);
    return $id;
}
